"""A long file in sealed pieces: any piece opens without those before it, and none can be left out.

A sealed file, byte by byte:

    0        version, 2
    1-16     id of the class key (UUID, big-endian)
    17-48    salt, random for each file
    49-      pieces, one after the other: AES-256-GCM ciphertext, then its tag of 16 bytes

A piece holds PIECE_BYTES of plaintext; the last one what is left, and nothing where the file is
empty. HKDF-SHA256(class key, salt, info "bluegpt vault pieces v2") gives the file's key. The nonce
of a piece is its number in 11 bytes, big-endian, and a byte that is 1 for the last piece and 0 for
the others; so pieces cannot change places, and a file that was cut off does not end. Associated
data: version, key id, then the context in UTF-8, as in the envelope.

Source: Hoang, Reyhanitabar, Rogaway, Vizár: Online authenticated-encryption and its nonce-reuse
misuse-resistance (2015), the construction STREAM.
"""

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from typing_extensions import Buffer

from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.rules.envelope import KEY_BYTES, SALT_BYTES, Key, derive

# What is read and opened at once: it becomes one object, which nothing has to copy again.
PIECE_BYTES = 1 << 20
TAG_BYTES = 16
SEALED_PIECE_BYTES = PIECE_BYTES + TAG_BYTES
VERSION = b"\x02"
_OWN_BYTES = 1 + 16
HEADER_BYTES = _OWN_BYTES + SALT_BYTES
_INFO = b"bluegpt vault pieces v2"
_NUMBER_BYTES = 11


class Pieces:
    """The cipher of one file: its header, and each of its pieces by number."""

    def __init__(self, key: Key, *, salt: bytes, context: str) -> None:
        assert len(salt) == SALT_BYTES
        own = VERSION + key.id.bytes
        self.header = own + salt
        self._bound = own + context.encode()
        self._cipher = AESGCM(derive(key.secret, salt=salt, info=_INFO, length=KEY_BYTES))

    def seal(self, plaintext: bytes, *, number: int, is_last: bool) -> bytes:
        """A piece as it is stored. Each number is sealed once."""
        assert len(plaintext) == PIECE_BYTES or is_last
        return self._cipher.encrypt(_nonce(number, is_last=is_last), plaintext, self._bound)

    def open(self, sealed: Buffer, *, number: int, is_last: bool) -> bytes:
        """A piece in the clear. Raises CannotOpen for an altered one, or one of another place."""
        try:
            nonce = _nonce(number, is_last=is_last)
            return self._cipher.decrypt(nonce, memoryview(sealed), self._bound)
        except InvalidTag:
            raise CannotOpen from None


def is_header(header: bytes) -> bool:
    """Whether a file that begins so was sealed in pieces."""
    return header[:1] == VERSION and len(header) >= HEADER_BYTES


def key_id_of(header: bytes) -> UUID:
    """The class key of a file. Raises CannotOpen for what was not sealed in pieces."""
    if not is_header(header):
        raise CannotOpen
    return UUID(bytes=header[1:_OWN_BYTES])


def salt_of(header: bytes) -> bytes:
    """The salt of a file, from its header."""
    return header[_OWN_BYTES:HEADER_BYTES]


def count_of(size_bytes: int) -> int:
    """How many pieces a plaintext of that size has."""
    return max(1, -(-size_bytes // PIECE_BYTES))


def place_of(number: int) -> int:
    """Where a piece begins in the sealed file, in bytes."""
    return HEADER_BYTES + number * SEALED_PIECE_BYTES


def size_of(sealed_bytes: int) -> int:
    """The plaintext's size, from the sealed file's. Raises CannotOpen for one that is too short."""
    in_pieces = sealed_bytes - HEADER_BYTES
    if in_pieces < TAG_BYTES:
        raise CannotOpen
    return in_pieces - TAG_BYTES * -(-in_pieces // SEALED_PIECE_BYTES)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "big") + bytes([is_last])
