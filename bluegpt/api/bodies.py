"""How large a request to the API may be, and what is said to a larger one."""

import orjson

from bluegpt.api.errors import RequestTooLarge
from bluegpt.api.refusals import body_of

# Pictures come as base64, a third larger than they are.
BYTES_MAX = 32_000_000


def refusal() -> bytes:
    """The body for a request that is refused before it is read."""
    return orjson.dumps(body_of(RequestTooLarge(bytes_max=BYTES_MAX)))
