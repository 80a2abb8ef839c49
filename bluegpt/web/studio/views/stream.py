"""A live answer as server-sent events.

Each event's id says how far the reader has got ("reasoning.text", in characters); a browser that
comes back names the last one and gets the rest. Source: HTML standard, "Server-sent events".
"""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import translation
from django.views.decorators.http import require_GET

from bluegpt.core import clock
from bluegpt.core.threads import in_thread
from bluegpt.studio.flows import live
from bluegpt.studio.types.calls import LiveEvent, Position
from bluegpt.web.person import person_id_in_loop
from bluegpt.web.studio import begun

# Proxies and browsers close what is silent for longer than half a minute or so.
_COMMENT_EVERY_S = 15
_USAGE_EVERY_S = 1.0
_RECONNECT_AFTER_MS = 1_000
_DIGITS_MAX = 9


@login_required
@require_GET
async def events(request: HttpRequest, call_id: UUID) -> StreamingHttpResponse:
    """An answer from where the reader stands to its end. Raises Missing before the first byte."""
    person_id = await person_id_in_loop(request)
    after = position_from(request.headers.get("Last-Event-ID", ""))
    followed = live.follow(person_id=person_id, call_id=call_id, after=after)
    steps = live.with_pauses(followed, pause_s=_COMMENT_EVERY_S)
    first = await anext(steps, None)  # a stranger's answer is refused here, as a page
    response = StreamingHttpResponse(
        _stream(request, person_id, first, steps), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-cache, no-transform"
    response["X-Accel-Buffering"] = "no"
    return response


def position_from(text: str) -> Position:
    """The position that an event's id names; the beginning for anything else."""
    reasoning, dot, answer = text.partition(".")
    parts = (reasoning, answer)
    if not dot or not all(p.isascii() and p.isdigit() and len(p) <= _DIGITS_MAX for p in parts):
        return Position()
    return Position(reasoning_chars=int(reasoning), text_chars=int(answer))


async def _stream(
    request: HttpRequest,
    person_id: UUID,
    first: LiveEvent | None,
    steps: AsyncIterator[LiveEvent | None],
) -> AsyncIterator[bytes]:
    language = translation.get_language() or "en"
    counted_at = clock.monotonic_s()
    async with aclosing(steps):  # type: ignore[type-var]
        yield b"retry: %d\n\n" % _RECONNECT_AFTER_MS
        async for step in _chained(first, steps):
            if step is None:
                yield b": still here\n\n"
                continue
            for partial in step.partials:
                src = f"data:image/webp;base64,{b64encode(partial.data).decode()}"
                yield _event("partial", {"place": partial.place, "src": src}, step)
            if step.text or step.reasoning:
                yield _event("delta", {"text": step.text, "reasoning": step.reasoning}, step)
            if step.call is not None:
                html = await in_thread(
                    begun.ended, request, step.call, person_id=person_id, language=language
                )
                yield _event("end", {"html": html}, step)
                return
            if clock.monotonic_s() - counted_at > _USAGE_EVERY_S:
                counted_at = clock.monotonic_s()
                yield _event("usage", {"output": step.usage.output_tokens}, step)


async def _chained(
    first: LiveEvent | None, steps: AsyncIterator[LiveEvent | None]
) -> AsyncIterator[LiveEvent | None]:
    if first is not None:
        yield first
    async for step in steps:
        yield step


def _event(name: str, data: dict[str, object], step: LiveEvent) -> bytes:
    # JSON keeps line ends inside one line, as the format wants it.
    return b"event: %b\nid: %b\ndata: %b\n\n" % (
        name.encode(),
        str(step.position).encode(),
        orjson.dumps(data),
    )
