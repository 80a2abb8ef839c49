"""The server itself: its counts, its cache, its list of calls, and clients that leave."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bluegpt.providers.adapters.sandbox import address
from bluegpt.providers.adapters.sandbox.server import Sandbox
from bluegpt.providers.services import sandbox as service
from tests.providers.sandbox.clients import KEY, WIRES, Chat, Client, Messages, Wire

on_every_wire = pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
QUICK = "What is this?\nsandbox: pace_ms=0"


@on_every_wire
@pytest.mark.parametrize("limit", [16, 17, 250])
@pytest.mark.parametrize("model", ["writer", "thinker"])
async def test_the_limit_is_reached_and_never_passed(
    client: Client, wire: Wire, limit: int, model: str
) -> None:
    answer = await (await client.ask(wire, QUICK, model=model, limit=limit)).json()

    counted = wire.usage(answer)
    assert counted is not None
    assert counted[1] == limit


async def test_a_long_prefix_seen_before_counts_as_cached(client: Client) -> None:
    first = [{"role": "user", "content": f"{'word ' * 400}\n{QUICK}"}]
    answer = await (
        await client.post("/v1/chat/completions", {"model": "writer", "messages": first})
    ).json()
    said = answer["choices"][0]["message"]["content"]
    second = [*first, {"role": "assistant", "content": said}, {"role": "user", "content": QUICK}]

    usages = []
    for key in ("k1", "k1", "k2"):
        headers = {"authorization": f"Bearer {key}"} if key == "k2" else {}
        body = {"model": "writer", "messages": second}
        response = await client.post("/v1/chat/completions", body, headers)
        usages.append((await response.json())["usage"])

    assert answer["usage"]["prompt_tokens_details"]["cached_tokens"] == 0
    cached = [usage["prompt_tokens_details"]["cached_tokens"] for usage in usages]
    spoken = answer["usage"]["prompt_tokens"] + answer["usage"]["completion_tokens"]
    assert cached[0] == spoken + 3  # the answer's own turn
    assert cached[1] == usages[1]["prompt_tokens"]
    assert cached[2] == 0


@on_every_wire
async def test_a_client_that_leaves_is_noticed(url: str, wire: Wire) -> None:
    body = wire.body("sandbox: pace_ms=5 tokens=9000", model="writer", is_stream=True, limit=16_000)
    async with aiohttp.ClientSession(url) as session:
        headers = KEY | {"anthropic-version": "x"}
        path = wire.path("writer", is_stream=True)
        async with session.post(path, json=body, headers=headers) as response:
            await response.content.readany()
            running = (await Client(session).calls())[-1]
            response.close()

        gone = await _settled(Client(session))

    assert running["state"] == "running"
    assert gone["state"] == "client_gone"
    assert gone["tokens_sent"] < 1_000


@on_every_wire
@pytest.mark.parametrize("words", ["stall_after=2", "first_ms=60000"])
async def test_a_client_that_leaves_a_silent_server_is_noticed(
    client: Client, wire: Wire, words: str
) -> None:
    waiting = asyncio.create_task(client.listen(wire, f"sandbox: pace_ms=0 {words}"))
    await asyncio.sleep(0.2)
    running = (await client.calls())[-1]

    waiting.cancel()
    gone = await _settled(client)

    assert running["state"] == "running"
    assert gone["state"] == "client_gone"


async def _settled(client: Client) -> dict[str, Any]:
    for _ in range(100):
        call = (await client.calls())[-1]
        if call["state"] != "running":
            return call
        await asyncio.sleep(0.02)
    raise AssertionError("the call is still running")


async def test_the_list_of_calls_tells_who_and_how_but_not_what(client: Client) -> None:
    secret = "a canary that sings"
    chat = {"model": "writer", "messages": [{"role": "user", "content": f"{secret}\n{QUICK}"}]}
    await client.post(
        "/v1/chat/completions", chat | {"safety_identifier": "pairwise-1", "store": False}
    )
    messages = Messages().body(QUICK, model="writer", is_stream=False, limit=9)
    await client.post("/v1/messages", messages | {"metadata": {"user_id": "pairwise-2"}})

    first, second = await client.calls()

    assert (first["wire"], first["user_id"], first["is_stored"]) == (
        "openai_chat",
        "pairwise-1",
        False,
    )
    assert (second["wire"], second["user_id"], second["is_stored"]) == (
        "anthropic_messages",
        "pairwise-2",
        None,
    )
    assert (second["model"], second["state"], second["tokens_sent"]) == ("writer", "done", 9)
    assert secret not in str(first)


async def test_the_list_of_calls_is_bounded(client: Client) -> None:
    for _ in range(300):
        await client.ask(Chat(), "sandbox: error=400")

    assert len(await client.calls()) == 256


async def test_a_pace_is_kept(client: Client) -> None:
    began = asyncio.get_running_loop().time()

    await client.listen(Chat(), "sandbox: first_ms=100 pace_ms=10 tokens=20")

    took_s = asyncio.get_running_loop().time() - began
    assert 0.29 <= took_s <= 2


async def test_many_streams_run_at_once(client: Client) -> None:
    heard = await asyncio.gather(
        *(client.listen(Chat(), "sandbox: pace_ms=20 tokens=20") for _ in range(90))
    )

    for stream in heard:
        counted = Chat().usage(stream.events[-2].body)
        assert counted is not None
        assert counted[1] == 20


async def test_the_service_tells_the_routes_where_it_listens() -> None:
    assert address.base_url() is None

    await service.start()
    await service.start()
    url = address.base_url()
    async with aiohttp.ClientSession() as session, session.get(f"{url}/sandbox/calls") as response:
        assert response.status == 200
    await service.stop()

    assert str(url).startswith("http://127.0.0.1:")
    assert address.base_url() is None


async def test_stopping_breaks_off_what_still_runs() -> None:
    sandbox = Sandbox()
    url = await sandbox.start()
    async with aiohttp.ClientSession(url) as session:
        body = Chat().body("sandbox: stall_after=1", model="writer", is_stream=True, limit=50)
        async with session.post("/v1/chat/completions", json=body, headers=KEY) as response:
            await response.content.readany()
            await asyncio.wait_for(sandbox.stop(), 5)
            with pytest.raises(aiohttp.ClientError):
                await response.content.read()


async def test_it_runs_on_its_own_and_without_django() -> None:
    checked = "import sys, runpy; runpy.run_module('bluegpt.providers.adapters.sandbox.server');"
    checked += "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    alone = await asyncio.create_subprocess_exec(sys.executable, "-c", checked)
    assert await alone.wait() == 0

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bluegpt.providers.adapters.sandbox", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session, session.get(f"{url}/sandbox/calls") as response:
        assert await response.json() == {"calls": []}
    process.terminate()
    assert await process.wait() == 0
