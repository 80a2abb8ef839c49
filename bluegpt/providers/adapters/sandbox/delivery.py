"""Putting an answer on the wire at its pace, and breaking it where it is told to break."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from aiohttp import web

from bluegpt.core import clock
from bluegpt.providers.adapters.sandbox.dialect import Answer, Dialect, Frames, broken
from bluegpt.providers.adapters.sandbox.memory import CLIENT_GONE, Call
from bluegpt.providers.adapters.sandbox.switches import Switches

BATCH_EVENTS = 64  # how many events one write may carry when there is no pace
STALL_S_MAX = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One answer on its way to one client."""

    request: web.Request
    headers: dict[str, str]
    switches: Switches
    call: Call

    async def send(self, dialect: Dialect, answer: Answer) -> web.StreamResponse:
        """The whole answer. Raises CancelledError when the client goes."""
        await asyncio.sleep(self.switches.first_ms / 1_000)
        if answer.ask.is_stream:
            return await self._stream(dialect.frames(answer))
        return await self._whole(dialect.whole(answer), answer)

    async def _stream(self, frames: Frames) -> web.StreamResponse:
        response = web.StreamResponse(
            headers=self.headers
            | {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
        )
        response.enable_chunked_encoding()
        try:
            await self._send_events(response, frames)
        except ConnectionError:
            self.call.state = CLIENT_GONE
        return response

    async def _send_events(self, response: web.StreamResponse, frames: Frames) -> None:
        await response.prepare(self.request)
        if frames.opening:
            await response.write(frames.opening)
        limit = self._limit()
        tokens = self._with_malformed(frames.tokens)
        await self._send_tokens(response, tokens if limit is None else islice(tokens, limit))
        if limit is None:
            await response.write(frames.closing)
        elif self.switches.error_after is not None:
            await response.write(frames.failure(self.call.tokens_sent))
        else:
            await self._break_off()

    async def _send_tokens(self, response: web.StreamResponse, tokens: Iterator[bytes]) -> None:
        """The first token goes alone; then all that are due go together, one event each."""
        pace_s = self.switches.pace_ms / 1_000
        began_s = clock.monotonic_s()
        sent, batch = 0, list(islice(tokens, 1))
        while batch:
            await response.write(b"".join(batch))
            sent += len(batch)
            self.call.tokens_sent = sent
            if pace_s:
                await asyncio.sleep(began_s + sent * pace_s - clock.monotonic_s())
                due = int((clock.monotonic_s() - began_s) / pace_s) + 1 - sent
                batch = list(islice(tokens, max(1, due)))
            else:
                batch = list(islice(tokens, BATCH_EVENTS))

    async def _whole(self, body: bytes, answer: Answer) -> web.StreamResponse:
        """An answer that is not streamed takes as long as the stream would, and breaks in half."""
        tokens = answer.plan.reasoning.length + answer.plan.text.length
        await asyncio.sleep(tokens * self.switches.pace_ms / 1_000)
        headers = self.headers | {"content-type": "application/json"}
        if self.switches.malformed_after is not None:
            body = body[: len(body) // 2]
        if self._limit() is None:
            self.call.tokens_sent = tokens
            return web.Response(body=body, headers=headers)
        response = web.StreamResponse(headers=headers)
        response.content_length = len(body)
        await response.prepare(self.request)
        await response.write(body[: len(body) // 2])
        await self._break_off()
        return response

    async def _break_off(self) -> None:
        if self.switches.stall_after is not None:
            await asyncio.sleep(STALL_S_MAX)
        if self.request.transport is not None:
            self.request.transport.close()  # sends what is written, then leaves

    def _limit(self) -> int | None:
        """After how many tokens it ends badly; None when it does not."""
        after = (
            self.switches.error_after,
            self.switches.cut_after,
            self.switches.stall_after,
        )
        return next((count for count in after if count is not None), None)

    def _with_malformed(self, tokens: Iterator[bytes]) -> Iterator[bytes]:
        if self.switches.malformed_after is None:
            yield from tokens
            return
        yield from islice(tokens, self.switches.malformed_after)
        for event in islice(tokens, 1):
            yield broken(event)
        yield from tokens
