"""A parcel: a stream sealed for one person outside, who alone has the key that opens it.

    0-7      "BGPTPRC1"
    8-39     public half of a key that was made for this parcel and is thrown away (X25519)
    40-55    id of the parcel, random
    56-      pieces, each behind its length in four bytes, big-endian: objects of the envelope

The key of the objects: HKDF-SHA256(X25519(thrown away, receiver's), salt both public halves, info
"bluegpt parcel v1"). The context of a piece is its number, and whether it is the last one, so that
none can be moved, dropped or cut off unnoticed.

Sources: RFC 7748, RFC 5869; the construction is that of RFC 9180, base mode, written down plainly.
"""

from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)

from bluegpt.vault.errors import NoParcelKey
from bluegpt.vault.rules.envelope import KEY_BYTES, Key

MAGIC = b"BGPTPRC1"
PUBLIC_BYTES = 32
ID_BYTES = 16
HEADER_BYTES = len(MAGIC) + PUBLIC_BYTES + ID_BYTES
LENGTH_BYTES = 4
_INFO = b"bluegpt parcel v1"


def receiver(pem: bytes) -> X25519PublicKey:
    """The public key in a PEM file. Raises NoParcelKey."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise NoParcelKey from None
    if not isinstance(key, X25519PublicKey):
        raise NoParcelKey
    return key


def opener(pem: bytes) -> X25519PrivateKey:
    """The private key in a PEM file without a passphrase. Raises NoParcelKey."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise NoParcelKey from None
    if not isinstance(key, X25519PrivateKey):
        raise NoParcelKey
    return key


def key_of(shared: bytes, *, thrown_away: bytes, receiver: bytes, parcel_id: bytes) -> Key:
    """The key that seals the pieces, from the shared secret and both public halves."""
    derived = HKDF(
        algorithm=hashes.SHA256(), length=KEY_BYTES, salt=thrown_away + receiver, info=_INFO
    ).derive(shared)
    return Key(UUID(bytes=parcel_id), derived)


def context(number: int, *, is_last: bool) -> str:
    """What binds a piece to its place."""
    return f"parcel:{number}:{'last' if is_last else 'more'}"
