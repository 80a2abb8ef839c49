"""Keys of a receiver, as the files that they would keep."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)


def key_pair() -> tuple[bytes, bytes]:
    """A private and a public key, in PEM."""
    return pem_pair(X25519PrivateKey.generate())


def pem_pair(key: X25519PrivateKey | Ed25519PrivateKey) -> tuple[bytes, bytes]:
    """Both halves of a key, in PEM."""
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private, public
