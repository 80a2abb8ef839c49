"""What begins and ends with a serving process."""

import asyncio
import signal
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import OperationalError

from bluegpt.config import lifespan
from bluegpt.config.lifespan import Living
from bluegpt.providers.adapters.sandbox import address
from bluegpt.providers.services import local
from bluegpt.studio.flows.live import house
from bluegpt.studio.services import pricing

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.usefixtures("no_look_out"),
]


@pytest.fixture
def no_look_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is looked for, unless a test says how."""

    async def find() -> None:
        """Nothing is there."""

    monkeypatch.setattr(local, "find", find)
    monkeypatch.setattr(pricing, "publish", lambda: 1)


class Server:
    """Plays the server's part of the lifespan protocol."""

    def __init__(self, application: Living) -> None:
        self._heard: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._said: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
        self._task = asyncio.create_task(
            application({"type": "lifespan"}, self._heard.get, self._said.put)
        )

    async def start(self) -> None:
        await self._heard.put({"type": "lifespan.startup"})
        assert await self._answer() == {"type": "lifespan.startup.complete"}

    async def stop(self) -> None:
        await self._heard.put({"type": "lifespan.shutdown"})
        assert await self._answer() == {"type": "lifespan.shutdown.complete"}
        await self._task

    async def _answer(self) -> Mapping[str, Any]:
        async with asyncio.timeout(15):
            return await self._said.get()


async def _django(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})


async def test_the_sandbox_and_the_house_are_there_from_start_to_end() -> None:
    server = Server(Living(_django))

    await server.start()
    during = (address.base_url(), house.is_open)
    await server.stop()

    assert (during[0] or "").startswith("http://127.0.0.1:")
    assert during[1] is True
    assert not address.base_url()
    assert house.is_open is False


async def test_a_signal_closes_the_house_at_once_and_still_reaches_the_server() -> None:
    told: list[int] = []

    def listen(number: int, _frame: object) -> None:
        told.append(number)

    outside = signal.signal(signal.SIGTERM, listen)
    server = Server(Living(_django))
    try:
        await server.start()
        signal.raise_signal(signal.SIGTERM)
        async with asyncio.timeout(5):
            while house.is_open:
                await asyncio.sleep(0.01)
        await server.stop()
    finally:
        afterwards = signal.signal(signal.SIGTERM, outside)

    assert told == [signal.SIGTERM]
    assert afterwards is listen


async def test_requests_go_to_django() -> None:
    said: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        said.append(message)

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request"}

    await Living(_django)({"type": "http"}, receive, send)

    assert said == [{"type": "http.response.start", "status": 204, "headers": []}]


async def test_the_start_does_not_wait_for_servers_that_may_not_be_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def find_for_ever() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(local, "find", find_for_ever)
    server = Server(Living(_django))

    await server.start()
    await server.stop()

    assert house.is_open is False


async def test_what_is_found_gets_its_price_and_is_looked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happened: list[str] = []
    seen_twice = asyncio.Event()

    async def find() -> None:
        happened.append("found")
        if happened.count("found") == 2:
            seen_twice.set()

    def publish() -> int:
        happened.append("priced")
        raise OperationalError("the database is away for a moment")

    monkeypatch.setattr(local, "find", find)
    monkeypatch.setattr(pricing, "publish", publish)
    monkeypatch.setattr(lifespan, "LOOK_EVERY_S", 0.01)
    server = Server(Living(_django))

    await server.start()
    async with asyncio.timeout(5):
        await seen_twice.wait()
    await server.stop()

    assert happened[:3] == ["found", "priced", "found"]
