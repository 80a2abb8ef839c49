"""What begins and ends with the process: sandbox, jobs, live answers, the look-out for models."""

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import Error as AnyDatabaseError

from bluegpt.core.threads import in_thread
from bluegpt.core.worker import Worker
from bluegpt.privacy.services import versions
from bluegpt.providers.services import chat, local, sandbox
from bluegpt.studio.flows import live
from bluegpt.studio.services import pricing
from bluegpt.vault.services import erasures

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 60
_JOBS_GRACE_S = 10.0

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Living:
    """Hands requests to Django, and keeps the household while the server runs."""

    def __init__(self, django: Application) -> None:
        self._django = django

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._django(scope, receive, send)
            return
        household = Household()
        await receive()  # lifespan.startup
        await household.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()  # lifespan.shutdown
        await household.stop()
        await send({"type": "lifespan.shutdown.complete"})


class Household:
    """The parts of one serving process, started and stopped in order."""

    def __init__(self) -> None:
        self._worker = Worker()
        self._look_out: asyncio.Task[None] | None = None
        self._draining: asyncio.Task[None] | None = None
        self._earlier: dict[int, Any] = {}  # who was told of a signal before us

    async def start(self) -> None:
        """Everything that a request may need; nothing waits for endpoints that may not be there.

        Raises ErasuresMissing: nobody is served while erased data may be back.
        """
        await in_thread(erasures.insist_on_replay)
        if settings.BLUEGPT.providers.has_sandbox:
            await sandbox.start()
        await in_thread(versions.enter)
        await live.open_house()
        self._worker.start()
        self._look_out = asyncio.create_task(_look_out_for_models())
        self._listen_for_the_end()

    async def stop(self) -> None:
        """Answers first, since they still need everything else."""
        await self._drain()
        if self._look_out is not None:
            self._look_out.cancel()
            with suppress(asyncio.CancelledError):
                await self._look_out
        await asyncio.to_thread(self._worker.stop, _JOBS_GRACE_S)
        await chat.close_clients()
        await sandbox.stop()
        for number, earlier in self._earlier.items():
            signal.signal(number, earlier)

    def _drain(self) -> asyncio.Task[None]:
        """Interrupt and settle the answers under way, once; their readers come to an end."""
        if self._draining is None:
            self._draining = asyncio.create_task(live.close_house())
        return self._draining

    def _listen_for_the_end(self) -> None:
        """Drain at the signal itself.

        The server tells us of the shutdown only after the last connection has closed, and a
        connection that follows an answer would keep it waiting.
        """
        if threading.current_thread() is not threading.main_thread():
            return  # only the main thread may; elsewhere nobody sends signals either
        loop = asyncio.get_running_loop()

        def handle(number: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self._drain)
            earlier = self._earlier[number]
            if callable(earlier):
                earlier(number, frame)

        for number in (signal.SIGINT, signal.SIGTERM):
            self._earlier[number] = signal.signal(number, handle)


async def _look_out_for_models() -> None:
    """Find, again and again, what answers on this machine, and give it its price."""
    while True:
        await local.find()
        try:
            await in_thread(pricing.publish)
        except AnyDatabaseError:
            logger.warning("the prices of found models could not be published; trying again")
        await asyncio.sleep(LOOK_EVERY_S)
