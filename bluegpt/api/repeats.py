"""`Idempotency-Key`: sending the same request twice asks, and charges, once.

The call's id is made from the key, so the database itself lets only one in. The digest of the
body is keyed with the API key's secret, which is not stored: nobody can try out on our tables
what somebody may have written.
"""

import hashlib
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from bluegpt.api.errors import InvalidParameter
from bluegpt.api.keys import Caller

HEADER = "Idempotency-Key"
KEY_CHARS_MAX = 255
_DIGEST_BYTES = 16
_SECRET_BYTES_MAX = hashlib.blake2b.MAX_KEY_SIZE


def request_key(header: str | None, caller: Caller) -> UUID | None:
    """The call's id, the same for the same key of the same API key. Raises InvalidParameter."""
    if header is None:
        return None
    if not header.strip() or len(header) > KEY_CHARS_MAX:
        raise InvalidParameter(HEADER, _("between 1 and 255 characters long"))
    return uuid5(caller.key_id, header)


def digest_of(body_json: bytes, caller: Caller) -> str:
    """128 bits that only this body gives with this secret, in hexadecimal."""
    secret = caller.secret.encode()[:_SECRET_BYTES_MAX]
    return hashlib.blake2b(body_json, key=secret, digest_size=_DIGEST_BYTES).hexdigest()
