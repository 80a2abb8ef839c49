"""A receipt's signature: Ed25519 over its canonical JSON without the signature. Source: RFC 8032.

Checking needs the document alone; whoever wants to know that this very installation signed it
compares the key with the one that is published.
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bluegpt.privacy.errors.receipts import ReceiptBroken
from bluegpt.privacy.rules.documents import canonical_json

FORMAT = "bluegpt-erasure-receipt-1"
SUCCESSION_FORMAT = "bluegpt-succession-receipt-1"
_FORMATS = (FORMAT, SUCCESSION_FORMAT)


def signed(document: Mapping[str, Any], *, secret: bytes, form: str = FORMAT) -> dict[str, Any]:
    """The document with the public key and the signature. `secret` is 32 bytes."""
    key = Ed25519PrivateKey.from_private_bytes(secret)
    whole = {**document, "format": form, "public_key": public_key(secret)}
    return {**whole, "signature": _text(key.sign(canonical_json(whole)))}


def public_key(secret: bytes) -> str:
    """The public half of a key, in Base64."""
    key = Ed25519PrivateKey.from_private_bytes(secret).public_key()
    return _text(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def fingerprint(public: str) -> str:
    """A short name of a public key: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public.encode()).hexdigest()[:16]


def check(document: Mapping[str, Any], *, expected_key: str | None = None) -> None:
    """Raises ReceiptBroken for a receipt that was altered, or signed by another key."""
    whole = {key: value for key, value in document.items() if key != "signature"}
    public, signature = document.get("public_key"), document.get("signature")
    if not isinstance(public, str) or not isinstance(signature, str):
        raise ReceiptBroken
    if document.get("format") not in _FORMATS or (
        expected_key is not None and public != expected_key
    ):
        raise ReceiptBroken
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), canonical_json(whole))
    except (InvalidSignature, ValueError):
        raise ReceiptBroken from None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
