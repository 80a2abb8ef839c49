"""The whole site over real HTTP, the sandbox behind it, and OpenAI's own SDK in front."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import orjson
import pytest
import pytest_asyncio
import uvicorn
from asgiref.sync import sync_to_async
from django.db import connections
from openai import AsyncOpenAI

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import api_keys
from bluegpt.accounts.types import ApiKeyFacts
from bluegpt.config.asgi import application
from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.credits.queries.balances import balance
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Category
from bluegpt.providers.adapters.sandbox import address
from bluegpt.providers.services import catalogue, sandbox
from bluegpt.providers.services.chat import close_clients
from bluegpt.studio.flows import live
from bluegpt.studio.flows.live import house
from bluegpt.studio.models import Call
from bluegpt.studio.services import pricing
from bluegpt.studio.types.calls import CallView

WRITER = "sandbox/writer"
GRANTED_MICROCREDITS = 500_000_000


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A person with 500 credits and a key of theirs."""

    person_id: UUID
    key: ApiKeyFacts
    secret: str

    def available(self) -> int:
        return balance(self.person_id).available_microcredits

    def held(self) -> int:
        return balance(self.person_id).held_microcredits


@pytest.fixture
def new_holder(transactional_db: None) -> Callable[..., Holder]:
    """Makes people: `new_holder(microcredits)`."""

    def make(microcredits: int = GRANTED_MICROCREDITS) -> Holder:
        person = Person.objects.create(email=f"{new_id()}@example.org")  # without a welcome
        ledger.grant(
            person_id=person.id,
            category=Category.PROMO,
            amount_microcredits=microcredits,
            source_kind="test",
            source_id=str(person.id),
            reason="test",
        )
        key, secret = api_keys.create(person_id=person.id, name="tests")
        return Holder(person_id=person.id, key=key, secret=secret)

    return make


@pytest.fixture
def holder(new_holder: Callable[..., Holder]) -> Holder:
    return new_holder()


@pytest_asyncio.fixture
async def site(transactional_db: None) -> AsyncIterator[str]:
    """The site's address: the server that `bluegpt serve` runs, on a free port of this process."""
    await sandbox.start()
    await in_thread(catalogue.load_packaged)
    await in_thread(pricing.publish)
    await live.open_house()
    # With its protocol named, or asyncio leaves the socket to wait for more bytes to send.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(application, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    await live.close_house()
    server.should_exit = True
    await serving
    house.forget()
    await close_clients()
    await sandbox.stop()
    await sync_to_async(connections.close_all)()  # the thread of Django's own async queries


@pytest_asyncio.fixture
async def sdk(site: str, holder: Holder) -> AsyncIterator[AsyncOpenAI]:
    """OpenAI's SDK, pointed at us with a key of ours."""
    async with AsyncOpenAI(base_url=f"{site}/v1", api_key=holder.secret, max_retries=0) as client:
        yield client


@pytest_asyncio.fixture
async def http(site: str, holder: Holder) -> AsyncIterator[httpx2.AsyncClient]:
    """Plain HTTP with the key in its header."""
    headers = {"Authorization": f"Bearer {holder.secret}"}
    async with httpx2.AsyncClient(base_url=site, headers=headers, timeout=30) as client:
        yield client


def told(text: str = "Hello", *, switches: str = "pace_ms=0 first_ms=0") -> Any:
    """One message of the user, with the sandbox's switches in it."""
    return [{"role": "user", "content": f"{text}\nsandbox: {switches}"}]


def body(text: str = "Hello", *, switches: str = "pace_ms=0 first_ms=0", **more: Any) -> Any:
    """A request as raw JSON."""
    return {"model": WRITER, "messages": told(text, switches=switches), **more}


def events(streamed: str) -> list[Any]:
    """The data of each event of a stream; the closing mark stays text."""
    lines = [line[6:] for line in streamed.split("\n") if line.startswith("data: ")]
    return [line if line == "[DONE]" else orjson.loads(line) for line in lines]


async def ended(holder: Holder, call_id: str) -> CallView:
    """The call's record, once it has ended."""
    return await live.finished(person_id=holder.person_id, call_id=UUID(call_id))


async def calls() -> int:
    """How many answers were ever begun."""
    return await Call.objects.acount()


async def upstream_state() -> object:
    """How the sandbox sees its newest call, once that is not running any more."""
    base_url = address.base_url()
    assert base_url
    async with httpx2.AsyncClient(base_url=base_url) as client:
        for _attempt in range(200):
            seen = (await client.get("/sandbox/calls")).json()["calls"]
            if seen and seen[-1]["state"] != "running":
                return seen[-1]["state"]
            await asyncio.sleep(0.02)
    return "running"
