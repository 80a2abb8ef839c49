"""A server that is told to end ends the answers it makes, settled, before it goes."""

import asyncio
import re
import signal
import time
from uuid import uuid4

import aiohttp

from bluegpt.ops import demo
from tests.ops.conftest import Installation

END_S = 20
_CALL = re.compile(r'data-call="([0-9a-f-]{36})"')
_BALANCE = re.compile(r"^(\S+) credits available, (\S+) held")
# Would take several minutes.
_LONG = "Hello\nsandbox: pace_ms=40 tokens=5000"


async def test_an_answer_under_way_is_settled_and_its_reader_let_go(running: Installation) -> None:
    with running.serving() as server:
        jar = aiohttp.CookieJar(unsafe=True)  # the cookies of an address without a name
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            await _log_in(session, server.url)
            call_id = await _ask(session, server.url)
            async with session.get(f"{server.url}/answers/{call_id}/events") as events:
                await _some_text(events)
                asked_s = time.monotonic()
                server.process.send_signal(signal.SIGTERM)
                async with asyncio.timeout(END_S):
                    rest = await events.read()
        code = await asyncio.to_thread(server.process.wait, timeout=END_S)
        took_s = time.monotonic() - asked_s

    balance = _BALANCE.match(running.run("credits", "balance", demo.EMAIL).out)
    assert code == 0
    assert took_s < END_S
    assert b"event: end" in rest
    assert balance
    assert float(balance.group(1)) < 100
    assert balance.group(2) == "0"
    assert running.run("ledger", "verify").code == 0


async def _log_in(session: aiohttp.ClientSession, site: str) -> None:
    async with session.get(f"{site}/account/login/"):
        pass
    form = {"login": demo.EMAIL, "password": demo.PASSWORD, "csrfmiddlewaretoken": _token(session)}
    async with session.post(
        f"{site}/account/login/", data=form, headers={"Referer": site}
    ) as response:
        assert response.url.path == "/conversations"


async def _ask(session: aiohttp.ClientSession, site: str) -> str:
    form = {
        "text": _LONG,
        "model": "sandbox/writer",
        "request_key": str(uuid4()),
        "csrfmiddlewaretoken": _token(session),
    }
    headers = {"X-Fragment": "1", "Referer": site}
    async with session.post(f"{site}/messages", data=form, headers=headers) as response:
        calls: list[str] = _CALL.findall(await response.text())
    return calls[-1]


async def _some_text(events: aiohttp.ClientResponse) -> None:
    async with asyncio.timeout(15):
        async for line in events.content:
            if line.startswith(b"event: delta"):
                return


def _token(session: aiohttp.ClientSession) -> str:
    return next(cookie.value for cookie in session.cookie_jar if cookie.key == "csrftoken")
