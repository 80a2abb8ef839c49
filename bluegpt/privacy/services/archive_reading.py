"""Reading an archive that came back: from its sealed pieces, within bounds, believing nothing.

What a ZIP says of itself is checked before anything is opened: names from a short list, nothing
twice, nothing encrypted, sizes and their sum bounded. Reading stops at the size that was said, so
a small file cannot become a large one. Every entry is compared with its digest.
"""

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any, Final
from uuid import UUID

import orjson
from asgiref.sync import async_to_sync
from typing_extensions import override

from bluegpt.core.portable import portables
from bluegpt.privacy.errors.archives import ArchiveBroken, ArchiveTooLarge
from bluegpt.privacy.rules.shapes import fits
from bluegpt.privacy.services import archive_pieces
from bluegpt.privacy.services.archive_making import DIGESTS, PORTABLE_FORMAT

ARCHIVE_BYTES_MAX: Final = 8_000_000_000  # unpacked; packed it is smaller
ENTRIES_MAX: Final = 200_000
RECORDS_MAX: Final = 500_000  # of all kinds
_MEDIA_BYTES_MAX: Final = 64_000_000
_FILM_BYTES_MAX: Final = 4_000_000_000
_INDEX_BYTES_MAX: Final = 64_000_000
_LINE_BYTES_MAX: Final = 64_000_000
_CHUNK_BYTES: Final = 1_000_000
_INDEX = "portable.json"
_MEDIA = re.compile(r"media/[0-9a-f-]{36}\.(?:jpg|png|webp|gif|pdf|mp4|bin)")
_FILM = ".mp4"
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError)


class PieceReader(io.RawIOBase):
    """The bytes of an archive as a file to be read anywhere; memory holds one piece of it."""

    def __init__(self, *, archive_id: UUID, person_id: UUID) -> None:
        self._pieces = archive_pieces.pieces_of(archive_id)
        self._person_id = person_id
        self._number, self._piece = -1, b""
        self._at = 0
        last = len(self._open(len(self._pieces) - 1)) if self._pieces else 0
        self._size = max(len(self._pieces) - 1, 0) * archive_pieces.PIECE_BYTES + last

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def tell(self) -> int:
        return self._at

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._at = start + offset
        return self._at

    @override
    def readinto(self, buffer: Any, /) -> int:
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, archive_pieces.PIECE_BYTES)
        found = self._open(number)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _open(self, number: int) -> bytes:
        if number != self._number:
            self._piece = async_to_sync(archive_pieces.read_one)(
                self._pieces[number], person_id=self._person_id
            )
            self._number = number
        return self._piece


class ArchiveReader:
    """A portable archive, checked entry by entry. Raises ArchiveBroken, ArchiveTooLarge."""

    def __init__(self, file: IO[bytes]) -> None:
        with _refused():
            self._zip = zipfile.ZipFile(file)
            self._infos = _checked_entries(self._zip.infolist())
            self._digests = self._object(DIGESTS)
            if set(self._digests) != set(self._infos) - {DIGESTS}:
                raise ArchiveBroken
            if self._object(_INDEX).get("format") != PORTABLE_FORMAT:
                raise ArchiveBroken

    def check_digests(self) -> None:
        """Compare every entry with what the archive says of it."""
        for path, told in self._digests.items():
            digest = hashlib.sha256()
            with _refused(), self._zip.open(self._infos[path]) as entry:
                while chunk := entry.read(_CHUNK_BYTES):
                    digest.update(chunk)
            if digest.hexdigest() != told:
                raise ArchiveBroken

    def records(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """The records of a kind, one line after the other, each of the published shape."""
        schema = schema_of(kind)
        with _refused(), self._opened(f"{kind}.json") as entry:
            for line in _lines(entry):
                values = orjson.loads(line)
                if not fits(values, schema):
                    raise ArchiveBroken
                yield values

    def media(self, path: str) -> bytes:
        """A file's bytes; only films, which nobody takes whole, are longer than memory bears."""
        if not _MEDIA.fullmatch(path) or path.endswith(_FILM):
            raise ArchiveBroken
        return b"".join(self.media_chunks(path))

    def media_chunks(self, path: str) -> Iterator[bytes]:
        """A file's bytes, a megabyte at a time."""
        if not _MEDIA.fullmatch(path):
            raise ArchiveBroken
        with _refused(), self._opened(path) as entry:
            while chunk := entry.read(_CHUNK_BYTES):
                yield chunk

    def _object(self, path: str) -> Mapping[str, Any]:
        with self._opened(path) as entry:
            document = orjson.loads(entry.read())
        if not isinstance(document, dict):
            raise ArchiveBroken
        return document

    def _opened(self, path: str) -> IO[bytes]:
        if path not in self._infos:
            raise ArchiveBroken
        return self._zip.open(self._infos[path])


def schema_of(kind: str) -> Mapping[str, Any]:
    """What a record of this kind looks like."""
    return next(each.schemas[kind] for each in portables() if kind in each.schemas)


def kinds() -> list[str]:
    """Every kind of record that can come back."""
    return [kind for each in portables() for kind in each.schemas]


def _checked_entries(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > ENTRIES_MAX or sum(info.file_size for info in infos) > ARCHIVE_BYTES_MAX:
        raise ArchiveTooLarge
    known = {DIGESTS, _INDEX, "schema.json", *(f"{kind}.json" for kind in kinds())}
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        path = info.filename
        is_media = bool(_MEDIA.fullmatch(path))
        if path in found or info.flag_bits & 0x1 or not (path in known or is_media):
            raise ArchiveBroken
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveBroken
        if info.file_size > _size_max(path, is_media=is_media):
            raise ArchiveTooLarge
        found[path] = info
    return found


def _size_max(path: str, *, is_media: bool) -> int:
    if is_media:
        return _FILM_BYTES_MAX if path.endswith(_FILM) else _MEDIA_BYTES_MAX
    is_read_at_once = path in (DIGESTS, _INDEX, "schema.json")
    return _INDEX_BYTES_MAX if is_read_at_once else ARCHIVE_BYTES_MAX


def _lines(entry: IO[bytes]) -> Iterator[bytes]:
    """The records of an array that has one to a line, without what stands between them."""
    if entry.readline(_LINE_BYTES_MAX) != b"[\n":
        raise ArchiveBroken
    count = 0
    while (line := entry.readline(_LINE_BYTES_MAX)) not in (b"]\n", b"\n"):
        if not line.endswith(b"\n") or count >= RECORDS_MAX:
            raise ArchiveBroken
        count += 1
        yield line.rstrip(b"\n").removesuffix(b",")


@contextmanager
def _refused() -> Iterator[None]:
    """A broken ZIP or JSON is a broken archive."""
    try:
        yield
    except _BROKEN as wrong:
        raise ArchiveBroken from wrong
