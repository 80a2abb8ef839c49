"""The three ways to an answer over real HTTP: the page, the API streamed, the API in one piece."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx2
from asgiref.sync import sync_to_async

from bluegpt.accounts.models import Person
from bluegpt.core.threads import in_thread
from bluegpt.credits.models import Hold, Transfer
from bluegpt.credits.queries.balances import balance
from bluegpt.credits.queries.verification import verify
from bluegpt.studio.flows import live
from bluegpt.studio.models import Call
from bluegpt.studio.types.calls import CallView
from tests.api.conftest import Holder, body
from tests.end_to_end import people
from tests.end_to_end.people import Member
from tests.end_to_end.talking_http import Caller, caller

ADDRESS = "/v1/chat/completions"
# What the sandbox's writer costs.
INPUT_MICROCREDITS, OUTPUT_MICROCREDITS = 18, 72


class Door(StrEnum):
    """A way in."""

    PAGE = "page"
    STREAM = "API, streamed"
    WHOLE = "API, in one piece"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """One person with a browser and a key."""

    holder: Holder
    page: Caller
    http: httpx2.AsyncClient

    async def ask(self, door: Door, switches: str) -> CallView:
        """Ask, listen to the end, and give the record of the call."""
        if door is Door.PAGE:
            begun = await self.page.ask(f"Hello\nsandbox: {switches}")
            await self.page.finished(begun.call_id)
        else:
            asked = body(switches=switches, stream=door is Door.STREAM)
            await self.http.post(ADDRESS, json=asked)
        return await self.newest_call()

    async def newest_call(self) -> CallView:
        """The newest call of this person, once it has ended."""
        return await live.finished(
            person_id=self.holder.person_id, call_id=await self.newest_call_id()
        )

    async def newest_call_id(self) -> UUID:
        """The newest call's id, once there is one that this process makes."""
        while True:
            calls = Call.objects.filter(person_id=self.holder.person_id)
            call = await calls.order_by("-created_at").afirst()
            if call is not None and live.house.find(call.id) is not None:
                return call.id
            await asyncio.sleep(0.01)

    async def has_heard(self, call_id: UUID, chars: int) -> None:
        """Wait until so much of an answer has come here from the provider."""
        found = live.house.find(call_id)
        while found is not None and found.position.text_chars < chars:
            await asyncio.sleep(0.01)

    async def available(self) -> int:
        return await sync_to_async(self.holder.available)()

    async def wrong(self, granted: int) -> list[str]:
        """What is not as it must be after any answer that has ended without a doubt."""
        return await in_thread(_wrong, self.holder.person_id, granted)


def price(call: CallView) -> int:
    """What the tokens on the record of a call cost."""
    return (
        call.usage.context_tokens * INPUT_MICROCREDITS
        + call.usage.output_tokens * OUTPUT_MICROCREDITS
    )


@asynccontextmanager
async def visitor(site: str, holder: Holder, http: httpx2.AsyncClient) -> AsyncIterator[Visitor]:
    """The holder of a key, also logged in with a browser."""
    member = await in_thread(_member, holder.person_id)
    installation = cast(Any, SimpleNamespace(address=site))
    async with caller(installation, member) as page:
        yield Visitor(holder=holder, page=page, http=http)


def _member(person_id: UUID) -> Member:
    person = Person.objects.get(id=person_id)
    return Member(email=person.email, person_id=str(person.id), sessions=(people._session(person),))


def _wrong(person_id: UUID, granted: int) -> list[str]:
    holds = Hold.objects.filter(person_id=person_id)
    charged = sum(holds.values_list("charged_microcredits", flat=True))
    left = balance(person_id)
    lines = Transfer.objects.filter(hold__person_id=person_id)
    rules = {
        "nothing is held": left.held_microcredits == 0,
        "no hold is open": not holds.filter(state__in=("held", "dispatched", "in_doubt")).exists(),
        "what is missing was charged": granted - left.available_microcredits == charged,
        "each reservation ended once": lines.filter(kind="pending").count()
        == lines.filter(kind__in=("post", "void")).count(),
    }
    broken = [finding.title for finding in verify() if finding.is_broken]
    return [rule for rule, is_kept in rules.items() if not is_kept] + broken
