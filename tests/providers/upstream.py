"""A provider for tests: a real HTTP server on loopback that plays what it is told to play."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer without a stream."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Stall:
    """Silence, with the connection open."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection breaks."""


Step = bytes | Stall | Cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    raw: bytes
    peer: tuple[str, int]
    method: str = "POST"


class Upstream:
    """Plays one script per request; the last one again and again."""

    def __init__(self) -> None:
        self.base_url = ""
        self.asked: list[Asked] = []
        self.gone = asyncio.Event()  # the client has left before the end
        self.stalled = asyncio.Event()  # everything before the silence has been sent
        self.content_type = "text/event-stream"
        self.holds_head = False  # not even a status comes before the first piece
        self._scripts: list[Refusal | tuple[Step, ...]] = []

    def play(self, *steps: Step) -> None:
        self._scripts.append(steps)

    def refuse(self, refusal: Refusal) -> None:
        self._scripts.append(refusal)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        assert request.transport is not None
        self.asked.append(
            Asked(
                path=request.path_qs,
                headers=request.headers,
                body=await request.json() if raw.startswith(b"{") else {},
                raw=raw,
                peer=request.transport.get_extra_info("peername")[:2],
                method=request.method,
            )
        )
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        if isinstance(script, Refusal):
            return web.Response(
                status=script.status,
                body=script.body,
                headers=script.headers,
                content_type=script.content_type,
            )
        response = web.StreamResponse(headers={"Content-Type": self.content_type})
        if not self.holds_head:
            await response.prepare(request)
        try:
            await self._play(request, response, script)
        except (asyncio.CancelledError, ConnectionError):
            self.gone.set()
            raise
        return response

    async def _play(
        self, request: web.Request, response: web.StreamResponse, script: Iterable[Step]
    ) -> None:
        for step in script:
            match step:
                case Stall():
                    self.stalled.set()
                    await asyncio.sleep(60)
                case Cut():
                    assert request.transport is not None
                    request.transport.abort()
                    return
                case bytes():
                    await response.write(step)
                    await asyncio.sleep(0)
        await response.write_eof()


@asynccontextmanager
async def running() -> AsyncIterator[Upstream]:
    """An upstream that listens on a free port of this machine."""
    upstream = Upstream()
    app = web.Application(client_max_size=100_000_000)
    app.router.add_route("*", "/{path:.*}", upstream.answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    upstream.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield upstream
    finally:
        await runner.cleanup()
