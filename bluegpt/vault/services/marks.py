"""Marks under the root key: this very installation made it, and nobody has changed it since."""

import hashlib
import hmac

from bluegpt.vault.adapters.root_key import root_key
from bluegpt.vault.rules import envelope


def mark(data: bytes, *, purpose: str) -> str:
    """A keyed digest in hexadecimal. Marks of one purpose are worth nothing for another."""
    key = hmac.digest(root_key(), b"bluegpt mark: " + purpose.encode(), hashlib.sha256)
    return hmac.digest(key, data, hashlib.sha256).hex()


def is_ours(data: bytes, *, purpose: str, marked: str) -> bool:
    """Whether a mark was made here, under the root key of today."""
    return hmac.compare_digest(mark(data, purpose=purpose).encode(), marked.encode())


def root_id() -> str:
    """The root key's fingerprint, as it stands beside every key that it wraps."""
    return envelope.root_id(root_key())
