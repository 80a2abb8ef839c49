"""Checking a receipt with nothing but the file: no installation, no settings, no database."""

from collections.abc import Mapping
from typing import Any

from bluegpt.privacy.rules import receipts


def check(document: Mapping[str, Any], *, expected_key: str | None) -> str:
    """The fingerprint of the key that signed it. Raises ReceiptBroken."""
    receipts.check(document, expected_key=expected_key)
    return receipts.fingerprint(document["public_key"])
