"""The envelope: root key → class key → object key, all AES-256-GCM.

A sealed object, byte by byte:

    0        version, 1
    1-16     id of the class key (UUID, big-endian)
    17-48    salt, random for each object
    49-      AES-256-GCM ciphertext, as long as the plaintext
    last 16  GCM tag

HKDF-SHA256(class key, salt, info "bluegpt vault object v1") gives 44 bytes: the object's key and
its nonce, both used once. Associated data: version, key id, then the context in UTF-8, so a value
moved to another table, column, row or person does not open. Sealing adds 65 bytes.

A wrapped class key:

    0        version, 1
    1-12     nonce, random
    13-44    AES-256-GCM ciphertext of the 32 key bytes
    45-60    GCM tag

under HKDF-SHA256(root key, no salt, info "bluegpt vault root v1"); associated data: version, key
id, person id, then the data class in UTF-8.

Sources: RFC 5869, NIST SP 800-38D.
"""

from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from typing_extensions import override

from bluegpt.vault.errors import CannotOpen

KEY_BYTES = 32
SALT_BYTES = 32
NONCE_BYTES = 12
_TAG_BYTES = 16
_HEADER_BYTES = 1 + 16 + SALT_BYTES
OVERHEAD_BYTES = _HEADER_BYTES + _TAG_BYTES
_VERSION = b"\x01"
_OBJECT = b"bluegpt vault object v1"
_ROOT = b"bluegpt vault root v1"
_ROOT_ID = b"bluegpt vault root id v1"


@dataclass(frozen=True, slots=True)
class Key:
    """A class key in the clear. Lives in memory only."""

    id: UUID
    secret: bytes

    @override
    def __repr__(self) -> str:
        return f"Key({self.id})"


def seal(plaintext: bytes, *, key: Key, salt: bytes, context: str) -> bytes:
    """The sealed object. `salt` is 32 fresh random bytes, never used before."""
    assert len(salt) == SALT_BYTES
    header = _VERSION + key.id.bytes
    cipher, nonce = _object_cipher(key, salt)
    return header + salt + cipher.encrypt(nonce, plaintext, header + context.encode())


def unseal(sealed: bytes, *, key: Key, context: str) -> bytes:
    """The plaintext. Raises CannotOpen for an altered, moved or foreign object."""
    header = _VERSION + key.id.bytes
    if sealed[: len(header)] != header or len(sealed) < OVERHEAD_BYTES:
        raise CannotOpen
    cipher, nonce = _object_cipher(key, sealed[len(header) : _HEADER_BYTES])
    try:
        return cipher.decrypt(nonce, sealed[_HEADER_BYTES:], header + context.encode())
    except InvalidTag:
        raise CannotOpen from None


def key_id_of(sealed: bytes) -> UUID:
    """The class key that an object was sealed under. Raises CannotOpen for what is no object."""
    if sealed[:1] != _VERSION or len(sealed) < OVERHEAD_BYTES:
        raise CannotOpen
    return UUID(bytes=sealed[1:17])


def wrap(key: Key, *, root: bytes, nonce: bytes, person_id: UUID, data_class: str) -> bytes:
    """The class key as it is stored. `nonce` is 12 fresh random bytes."""
    assert len(key.secret) == KEY_BYTES
    assert len(nonce) == NONCE_BYTES
    bound = _wrap_bound(key.id, person_id, data_class)
    return _VERSION + nonce + _root_cipher(root).encrypt(nonce, key.secret, bound)


def unwrap(wrapped: bytes, *, key_id: UUID, root: bytes, person_id: UUID, data_class: str) -> Key:
    """The class key in the clear. Raises CannotOpen when row, owner or root key differ."""
    if wrapped[:1] != _VERSION:
        raise CannotOpen
    nonce, box = wrapped[1 : 1 + NONCE_BYTES], wrapped[1 + NONCE_BYTES :]
    try:
        secret = _root_cipher(root).decrypt(nonce, box, _wrap_bound(key_id, person_id, data_class))
    except InvalidTag:
        raise CannotOpen from None
    return Key(key_id, secret)


def root_id(root: bytes) -> str:
    """A fingerprint that tells root keys apart and gives nothing away: 16 hexadecimal digits."""
    return derive(root, salt=None, info=_ROOT_ID, length=8).hex()


def _object_cipher(key: Key, salt: bytes) -> tuple[AESGCM, bytes]:
    derived = derive(key.secret, salt=salt, info=_OBJECT, length=KEY_BYTES + NONCE_BYTES)
    return AESGCM(derived[:KEY_BYTES]), derived[KEY_BYTES:]


def _root_cipher(root: bytes) -> AESGCM:
    return AESGCM(derive(root, salt=None, info=_ROOT, length=KEY_BYTES))


def _wrap_bound(key_id: UUID, person_id: UUID, data_class: str) -> bytes:
    return _VERSION + key_id.bytes + person_id.bytes + data_class.encode()


def derive(secret: bytes, *, salt: bytes | None, info: bytes, length: int) -> bytes:
    """Bytes for one use, which `info` names."""
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
