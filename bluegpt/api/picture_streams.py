"""A picture as it comes: unfinished ones, then the whole one, in OpenAI's events."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from functools import partial
from typing import Any

import orjson
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

from bluegpt.api import answers, refusals
from bluegpt.api.errors import AnswerInterrupted
from bluegpt.api.shapes import picture_usage
from bluegpt.api.streaming import PAUSE_S, STILL_HERE, Listener
from bluegpt.studio.errors import UnknownAnswer
from bluegpt.studio.flows import live, pictures
from bluegpt.studio.types.calls import Asked, CallState, CallView
from bluegpt.studio.types.prompts import PicturePrompt, Pictures, PicturesEvent

Steps = AsyncGenerator[PicturesEvent | None]


async def streamed(prompt: PicturePrompt, asked: Asked) -> HttpResponseBase:
    """The events, or an error response when it ended before the first of them."""
    steps = live.with_pauses(pictures.follow(prompt, asked), pause_s=PAUSE_S)
    try:
        first = await anext(steps)
    except (StopAsyncIteration, UnknownAnswer):
        raise AnswerInterrupted from None
    except asyncio.CancelledError:
        await hang_up(prompt, asked)
        raise
    if first is not None and first.call is not None and first.pictures is None:
        await steps.aclose()
        return answers.refused(asked, first.call)
    events = _Events(prompt, asked, first, steps)
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response["Cache-Control"] = "no-store, no-transform"
    response["X-Accel-Buffering"] = "no"
    return answers.named(asked, response)


async def hang_up(prompt: PicturePrompt, asked: Asked) -> None:
    """Nobody listens any more: nobody comes back to a stream either. Idempotent.

    Whoever only listened to a repeat leaves the work to the one who asked first.
    """
    if not asked.is_repeated:
        await live.stop(person_id=prompt.person_id, call_id=asked.call_id)


class _Events(Listener):
    """The body of the response."""

    def __init__(
        self, prompt: PicturePrompt, asked: Asked, first: PicturesEvent | None, steps: Steps
    ) -> None:
        super().__init__(partial(hang_up, prompt, asked))
        self._prompt = prompt
        self._asked = asked
        self._first = first
        self._steps = steps
        self._count = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        act = "image_edit" if self._prompt.uploads else "image_generation"
        try:
            async with aclosing(self._steps):
                async for step in _chained(self._first, self._steps):
                    for line in self._lines(step, act):
                        yield line
                if not self.has_ended:
                    yield _data(refusals.body_of(AnswerInterrupted()))
        finally:
            await self.end()

    def _lines(self, step: PicturesEvent | None, act: str) -> Iterator[bytes]:
        if step is None:
            yield STILL_HERE
            return
        for shown in step.partials:
            told = _told(self._prompt, self._asked, shown.data)
            yield _event(f"{act}.partial_image", told | {"partial_image_index": self._count})
            self._count += 1
        if step.call is not None:
            self.hear_the_end()
            yield self._closing(step, step.call, act)

    def _closing(self, step: PicturesEvent, call: CallView, act: str) -> bytes:
        if step.pictures is None or call.state is not CallState.COMPLETE:
            return _data(answers.cut_short(call)[0])
        told = _told(self._prompt, self._asked, step.pictures.files[0]) | _chosen(step.pictures)
        told["usage"] = picture_usage(call, made_count=len(step.pictures.files))
        return _event(f"{act}.completed", told)


def _told(prompt: PicturePrompt, asked: Asked, data: bytes) -> dict[str, Any]:
    return {
        "b64_json": b64encode(data).decode(),
        "created_at": int(asked.begun_at.timestamp()),
        "size": prompt.size,
        "quality": prompt.quality,
        "background": prompt.background,
        "output_format": prompt.format.value,
    }


def _chosen(made: Pictures) -> dict[str, Any]:
    """What was left open, as the provider chose it where it says so."""
    chosen = {"size": made.size, "quality": made.quality, "background": made.background}
    chosen = {name: value for name, value in chosen.items() if value}
    return chosen | {"output_format": made.format.value}


async def _chained(
    first: PicturesEvent | None, steps: Steps
) -> AsyncIterator[PicturesEvent | None]:
    yield first
    async for step in steps:
        yield step


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\n".encode() + _data({"type": name} | data)


def _data(body: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(body) + b"\n\n"
