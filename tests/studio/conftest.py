"""A person with credits, and the sandbox answering over real HTTP."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from uuid import UUID

import aiohttp
import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connections

from bluegpt.accounts.services.people import create_person
from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.credits.queries.balances import balance
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Category
from bluegpt.providers.adapters.sandbox import address
from bluegpt.providers.services import catalogue, sandbox
from bluegpt.providers.services.chat import close_clients
from bluegpt.studio.flows.live import close_house, house, open_house
from bluegpt.studio.services import pricing
from bluegpt.studio.types.calls import Asked
from bluegpt.studio.types.conversations import Ask

WRITER = "sandbox/writer"
GRANTED_MICROCREDITS = 500_000_000


@pytest.fixture
def somebody(transactional_db: None) -> UUID:
    """A person with 500 credits and nothing else."""
    person = create_person(email=f"{new_id()}@example.org", password="Correct-horse-9-battery")
    given = balance(person.id).available_microcredits
    ledger.grant(
        person_id=person.id,
        category=Category.PROMO,
        amount_microcredits=GRANTED_MICROCREDITS - given,
        source_kind="test",
        source_id=str(person.id),
        reason="test",
    )
    return person.id


@pytest_asyncio.fixture
async def studio(transactional_db: None) -> AsyncIterator[None]:
    """The sandbox runs, its models have prices, answers may be made."""
    await sandbox.start()
    await in_thread(catalogue.load_packaged)
    await in_thread(pricing.publish)
    await open_house()
    yield
    await close_house()
    house.forget()
    await close_clients()
    await sandbox.stop()
    await sync_to_async(connections.close_all)()  # the thread of Django's own async queries


@pytest.fixture
def asking(somebody: UUID, studio: None) -> Callable[..., Ask]:
    """A message of somebody to the sandbox's writer, quick unless told otherwise."""

    def ask(text: str = "Hello", *, switches: str = "pace_ms=0 first_ms=0", **more: object) -> Ask:
        told = f"{text}\nsandbox: {switches}"
        return Ask(**{"person_id": somebody, "model_key": WRITER, "text": told, **more})  # type: ignore[arg-type]

    return ask


@dataclass(frozen=True)
class Kept:
    """An answer that was stored, so that all its ids are there."""

    call_id: UUID
    conversation_id: UUID
    question_id: UUID
    answer_id: UUID
    ceiling_microcredits: int


def kept(asked: Asked) -> Kept:
    """The same answer, once it is certain that it was stored."""
    assert asked.conversation_id
    assert asked.question_id
    assert asked.answer_id
    return Kept(
        call_id=asked.call_id,
        conversation_id=asked.conversation_id,
        question_id=asked.question_id,
        answer_id=asked.answer_id,
        ceiling_microcredits=asked.ceiling_microcredits,
    )


async def sandbox_calls() -> list[dict[str, object]]:
    """What the sandbox saw, without content, newest last."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{address.base_url()}/sandbox/calls") as response,
    ):
        body = await response.json()
    return list(body["calls"])
