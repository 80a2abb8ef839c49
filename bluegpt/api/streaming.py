"""An answer as it comes: server-sent events in OpenAI's shape, nothing held back.

Who hangs up ends the answer. A caller of the API is not a tab: nobody comes back to a stream.
"""

import asyncio
import weakref
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator
from contextlib import aclosing
from functools import partial
from typing import Any

import orjson
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from bluegpt.api import refusals
from bluegpt.api.answers import Answer, cut_short, hang_up, named, refused
from bluegpt.api.errors import AnswerInterrupted
from bluegpt.api.shapes import finish_of
from bluegpt.studio.flows import live
from bluegpt.studio.types.calls import CallState, CallView, LiveEvent, Position

# How long a refusal by the provider can still become a status; and how often a silent
# connection is given a sign of life, since proxies close it after half a minute or so.
PAUSE_S = 10

_DONE = b"data: [DONE]\n\n"
STILL_HERE = b": still here\n\n"

Steps = AsyncGenerator[LiveEvent | None]
HangUp = Callable[[], Coroutine[Any, Any, None]]


async def streamed(answer: Answer, *, wants_usage: bool) -> HttpResponseBase:
    """The answer as a stream, or an error response when it ended before its first word."""
    followed = live.follow(
        person_id=answer.prompt.person_id, call_id=answer.asked.call_id, after=Position()
    )
    steps = live.with_pauses(followed, pause_s=PAUSE_S)
    try:
        first = await anext(steps)
    except StopAsyncIteration:
        raise AnswerInterrupted from None
    except asyncio.CancelledError:
        await hang_up(answer)
        raise
    if first is not None and _is_refused(first):
        await steps.aclose()
        return _early_end(answer, first)
    chunks = Chunks(answer, first, steps, wants_usage=wants_usage)
    response = StreamingHttpResponse(chunks, content_type="text/event-stream")
    response["Cache-Control"] = "no-store, no-transform"
    response["X-Accel-Buffering"] = "no"
    return named(answer.asked, response)


def _is_refused(event: LiveEvent) -> bool:
    has_ended_badly = event.call is not None and event.call.state is not CallState.COMPLETE
    return has_ended_badly and not event.text and not event.reasoning


def _early_end(answer: Answer, event: LiveEvent) -> HttpResponse:
    assert event.call is not None
    return refused(answer.asked, event.call)


class Listener:
    """Whoever reads the body of a streamed response. What ends it early ends the work too."""

    def __init__(self, hang_up: HangUp) -> None:
        self.has_ended = False
        self._hang_up = hang_up
        self._loop = asyncio.get_running_loop()
        # Who hangs up after this was made and before it is read leaves nobody to close it.
        self._dropped = weakref.finalize(self, _hang_up_soon, hang_up, self._loop)
        self._dropped.atexit = False

    def hear_the_end(self) -> None:
        """The work is over: nothing is left to hang up on."""
        self.has_ended = True
        self._dropped.detach()

    def close(self) -> None:
        """Django calls this from a thread once the response is over, however that came about."""
        if not self.has_ended:
            asyncio.run_coroutine_threadsafe(self.end(), self._loop)

    async def end(self) -> None:
        """Hang up, unless the end was heard. Idempotent."""
        self._dropped.detach()
        if not self.has_ended:
            self.has_ended = True
            await self._hang_up()


class Chunks(Listener):
    """The body of a streamed answer."""

    def __init__(
        self, answer: Answer, first: LiveEvent | None, steps: Steps, *, wants_usage: bool
    ) -> None:
        super().__init__(partial(hang_up, answer))
        self._frame = answer.frame
        self._first = first
        self._steps = steps
        self._extra: dict[str, Any] = {"usage": None} if wants_usage else {}

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async with aclosing(self._steps):
                yield self._piece({"role": "assistant", "content": ""})
                async for step in self._all():
                    for line in self._lines(step):
                        yield line
                if not self.has_ended:
                    yield _data(refusals.body_of(AnswerInterrupted()))
        finally:
            await self.end()

    async def _all(self) -> AsyncIterator[LiveEvent | None]:
        yield self._first
        async for step in self._steps:
            yield step

    def _lines(self, step: LiveEvent | None) -> Iterator[bytes]:
        if step is None:
            yield STILL_HERE
            return
        if step.reasoning:
            yield self._piece({"reasoning_content": step.reasoning})
        if step.text:
            yield self._piece({"content": step.text})
        if step.call is not None:
            self.hear_the_end()
            yield from self._closing(step.call)

    def _closing(self, call: CallView) -> Iterator[bytes]:
        """The finish, the usage when it was asked for, and the mark of the end; or what broke."""
        if call.state is not CallState.COMPLETE:
            yield _data(cut_short(call)[0])
            return
        yield _data(self._frame.chunk({}, finish=finish_of(call)) | self._extra)
        if self._extra:
            yield _data(self._frame.usage_chunk(call))
        yield _DONE

    def _piece(self, delta: dict[str, Any]) -> bytes:
        return _data(self._frame.chunk(delta) | self._extra)


def _hang_up_soon(hang_up: HangUp, loop: asyncio.AbstractEventLoop) -> None:
    if not loop.is_closed():
        asyncio.run_coroutine_threadsafe(hang_up(), loop)


def _data(body: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(body) + b"\n\n"
