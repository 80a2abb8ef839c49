"""How decisions hang together: a chain over commitments, so that a decision may go and it holds."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date

ROOT = "0" * 64


def commitment(payload: Mapping[str, str], *, salt: bytes) -> str:
    """SHA-256 over a salt and what it commits to; without the salt nobody can guess the rest."""
    said = json.dumps(dict(payload), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(salt + said.encode()).hexdigest()


def link_digest(*, previous: str, number: int, on: date, commitment: str) -> str:
    """SHA-256 over a link and the digest before it, in hexadecimal."""
    said = f"{previous}:{number}:{on.isoformat()}:{commitment}"
    return hashlib.sha256(said.encode()).hexdigest()
