"""A file without a name, for what must be read and written in any order and is too long for memory.

It lies in the data folder, and what lies there is sealed: AES-XTS, as whole disks are, under a key
that only this object knows. The system removes it when it is closed, also when the process dies.
"""

import os
import tempfile
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from django.conf import settings
from typing_extensions import override

_SECTOR_BYTES = 4_096
_KEY_BYTES = 64  # AES-256, twice


class Scratch(RawIOBase):
    """Bytes to be written, read and overwritten anywhere, until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self._file = tempfile.TemporaryFile(dir=settings.BLUEGPT.site.data_dir)  # noqa: SIM115
        self._key = os.urandom(_KEY_BYTES)
        self._size_bytes = 0
        self._at = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def writable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        start = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size_bytes}[whence]
        self._at = max(0, start + offset)
        return self._at

    @override
    def tell(self) -> int:
        return self._at

    @override
    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), max(0, self._size_bytes - self._at))
        if not wanted:
            return 0
        first, offset = divmod(self._at, _SECTOR_BYTES)
        last = (self._at + wanted - 1) // _SECTOR_BYTES
        view[:wanted] = self._sectors(first, last)[offset : offset + wanted]
        self._at += wanted
        return wanted

    @override
    def write(self, data) -> int:  # type: ignore[no-untyped-def]
        view = memoryview(data).cast("B")
        if not len(view):
            return 0
        first, offset = divmod(self._at, _SECTOR_BYTES)
        last = (self._at + len(view) - 1) // _SECTOR_BYTES
        # What stands before and after in the first and the last sector stays.
        sectors = self._sectors(first, last)
        sectors[offset : offset + len(view)] = view
        self._file.seek(first * _SECTOR_BYTES)
        for number in range(first, last + 1):
            start = (number - first) * _SECTOR_BYTES
            cipher = self._cipher(number).encryptor()
            self._file.write(_through(cipher, sectors[start : start + _SECTOR_BYTES]))
        self._at += len(view)
        self._size_bytes = max(self._size_bytes, self._at)
        return len(view)

    @override
    def close(self) -> None:
        self._file.close()
        super().close()

    def _sectors(self, first: int, last: int) -> bytearray:
        """Whole sectors, opened; zeros where nothing was written yet."""
        self._file.seek(first * _SECTOR_BYTES)
        opened = bytearray()
        for number in range(first, last + 1):
            sealed = self._file.read(_SECTOR_BYTES)
            is_there = len(sealed) == _SECTOR_BYTES and any(sealed)
            opened += (
                _through(self._cipher(number).decryptor(), sealed)
                if is_there
                else bytes(_SECTOR_BYTES)
            )
        return opened

    def _cipher(self, number: int) -> Cipher[modes.XTS]:
        return Cipher(algorithms.AES(self._key), modes.XTS(number.to_bytes(16, "little")))


def _through(cipher: CipherContext, data: bytes | bytearray) -> bytes:
    return cipher.update(bytes(data)) + cipher.finalize()
