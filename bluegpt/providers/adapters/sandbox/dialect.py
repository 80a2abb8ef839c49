"""What every wire format of the sandbox provides; the server knows no more about them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from bluegpt.providers.adapters.sandbox.ask import Ask
from bluegpt.providers.adapters.sandbox.plan import Plan
from bluegpt.providers.adapters.sandbox.refusals import Refusal, Wording

RETRY_AFTER_S = 7
HOLE = b"\\u0000"  # where a template event takes its token; no request or answer contains it


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """All that a dialect needs to render one answer."""

    id: str  # without the dialect's prefix
    created: int  # seconds since 1970
    ask: Ask
    plan: Plan
    body: Mapping[str, Any]  # the request, for the fields that are echoed


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """A stream in the making: one item of `tokens` is one event with one token in it."""

    opening: bytes
    tokens: Iterator[bytes]
    closing: bytes
    failure: Callable[[int], bytes]  # the event that ends it badly after so many tokens


class Dialect(Protocol):
    """One wire format."""

    wire: str
    request_id_header: str
    errors: Mapping[str, Wording]

    def read(self, body: Any, headers: Mapping[str, str]) -> Ask: ...

    def whole(self, answer: Answer) -> bytes: ...

    def frames(self, answer: Answer) -> Frames: ...

    def error_body(self, refusal: Refusal, request_id: str) -> bytes: ...


def data_event(payload: Any) -> bytes:
    """A server-sent event without a name."""
    return b"data: %b\n\n" % orjson.dumps(payload)


def named_event(payload: Mapping[str, Any]) -> bytes:
    """A server-sent event named after the payload's type."""
    return b"event: %b\ndata: %b\n\n" % (
        payload["type"].encode(),
        orjson.dumps(payload),
    )


def halves(event: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the hole of a template event."""
    head, tail = event.split(HOLE)
    return head, tail


def broken(event: bytes) -> bytes:
    """The event with its JSON cut off in the middle."""
    body = event.rstrip(b"\n")
    return body[: -(len(body) - body.rfind(b"data: ")) // 3] + b"\n\n"
