"""What the secret of an API key looks like, and what is kept of it."""

import hashlib

SECRET_START = "bgpt_"  # noqa: S105 - the part that is the same in every secret
PREFIX_CHARS = 11  # the start and six characters: 36 of 256 bits, enough to tell keys apart


def prefix_of(secret: str) -> str:
    """The part that may be shown again later."""
    return secret[:PREFIX_CHARS]


def fingerprint(secret: str) -> str:
    """What is stored. A plain SHA-256 will do: the secret is 256 random bits, nobody's word."""
    return hashlib.sha256(secret.encode()).hexdigest()
