"""What the children of `tests.faults.mortal` do: prepare, answer until they die, recover."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import aiohttp
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import F

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.credits import jobs as credit_jobs
from bluegpt.credits.models import Hold, Transfer
from bluegpt.credits.queries import balances, dialect
from bluegpt.credits.queries.verification import verify
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Category
from bluegpt.privacy.models import Disclosure
from bluegpt.providers.adapters.sandbox import address
from bluegpt.providers.services import catalogue
from bluegpt.providers.services import chat as provider
from bluegpt.providers.services.chat import close_clients
from bluegpt.studio import jobs as studio_jobs
from bluegpt.studio.flows import chat, covering, ending, live
from bluegpt.studio.models import Call, Message
from bluegpt.studio.queries import plans, purses
from bluegpt.studio.services import answers, pricing
from bluegpt.studio.types.conversations import Ask
from tests.faults import film_lives
from tests.faults.points import Points

WRITER = "sandbox/writer"
GRANTED_MICROCREDITS = 5_000_000
# Three steps of what is held, and a checkpoint after the second.
QUESTION = "Tell me of lighthouses.\nsandbox: pace_ms=0 first_ms=0 tokens=45"
STEP_TOKENS, MIDDLE_TOKENS = 20, 30
# Beyond every deadline and every lease that an answer has.
LATER = timedelta(hours=2)


def remember_sandbox(url: str) -> None:
    """The provider lives in a process of its own: it outlives our death."""
    address.remember(url)


def prepare(_job: dict[str, Any]) -> dict[str, Any]:
    """Make the tables, the catalogue and the prices."""
    for alias in ("default", "vault"):
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    catalogue.load_packaged()
    pricing.publish()
    connections.close_all()
    return {"vendor": connection.vendor}


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """One paid answer from the question to the settlement, or to `job["until"]`."""
    points = Points(last=job["until"])
    newcomer(UUID(job["person_id"]))
    points.arm()
    run(_answer(job, points))
    passed = tuple(points.passed)
    return facts(job) | {"passed": passed}


def recover(job: dict[str, Any]) -> dict[str, Any]:
    """A new process, hours later: what the clock does; then the same request once more.

    It dies at `job["until"]`, when there is one.
    """
    move_clocks()
    points = Points(last=job.get("until", ""))
    points.step = "recovery"
    points.arm()
    for _twice in range(2):  # the second round has nothing to do
        studio_jobs.settle_interrupted()
        credit_jobs.release_overdue_holds()
        credit_jobs.expire_lots()
    passed = tuple(points.passed)
    recovered = facts(job) | {"broken": broken()}
    # The same request once more, with the same key, by a client who never heard the reply.
    run(_answer(job, None))
    return {"passed": passed, "recovered": recovered, "repeated": facts(job)}


def inspect(_job: dict[str, Any]) -> dict[str, Any]:
    """Whether all books add up."""
    return {"broken": broken()}


def newcomer(person_id: UUID) -> None:
    Person.objects.create(id=person_id, email=f"{person_id.hex}@example.org")
    ledger.grant(
        person_id=person_id,
        category=Category.PROMO,
        amount_microcredits=GRANTED_MICROCREDITS,
        source_kind="test",
        source_id=str(person_id),
        reason="test",
    )


def run(work: Coroutine[Any, Any, None]) -> None:
    connections.close_all()
    asyncio.run(work)


async def _answer(job: dict[str, Any], points: Points | None) -> None:
    if points is not None:
        _Way(points).mark()
    person_id = UUID(job["person_id"])
    await live.open_house()
    asked = await chat.ask(
        Ask(
            person_id=person_id,
            model_key=WRITER,
            text=QUESTION,
            request_key=UUID(job["request_key"]),
        )
    )
    await live.finished(person_id=person_id, call_id=asked.call_id)
    await live.close_house()
    await close_clients()


class _Way:
    """The points between the database's, and a way that is the same in every process.

    One checkpoint is made, in the middle, and the stream waits for it: nothing depends on time.
    """

    def __init__(self, points: Points) -> None:
        self._points = points
        self._middle = asyncio.Event()
        self._kept = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._has_begun = False

    def mark(self) -> None:
        """Stand by the way."""
        for step in ("begin", "dispatch", "hold_more", "end"):
            setattr(answers, step, self._points.within(step, getattr(answers, step)))
        for module in (purses, plans):
            module.OUTPUT_TOKENS_STEP = STEP_TOKENS  # type: ignore[attr-defined]
        covering.OUTPUT_TOKENS_AHEAD = 0  # type: ignore[attr-defined]
        self._checkpoint_once()
        self._mark_request()
        self._mark_stream()

    def _checkpoint_once(self) -> None:
        keep, checkpoint = ending._keep, answers.checkpoint
        ending.CHECKPOINT_S = 0

        async def keep_from_the_middle(live: live.LiveAnswer) -> None:
            await self._middle.wait()
            await keep(live)

        def checkpoint_once(**what: Any) -> bool:
            ending.CHECKPOINT_S = 3_600
            asked_to_stop = self._points.within("checkpoint", checkpoint)(**what)
            self._loop.call_soon_threadsafe(self._kept.set)
            return bool(asked_to_stop)

        ending._keep = keep_from_the_middle
        answers.checkpoint = checkpoint_once

    def _mark_request(self) -> None:
        request = aiohttp.ClientSession._request

        async def request_between(*args: Any, **kwargs: Any) -> Any:
            self._points.reach("before the request leaves")
            response = await request(*args, **kwargs)
            self._points.reach("after the response's headers")
            return response

        aiohttp.ClientSession._request = request_between  # type: ignore[method-assign]

    def _mark_stream(self) -> None:
        stream = provider.stream

        async def stream_between(*args: Any, **kwargs: Any) -> AsyncGenerator[Any]:
            self._points.step = "stream"
            async with contextlib.aclosing(stream(*args, **kwargs)) as deltas:
                async for delta in deltas:
                    yield delta
                    await self._after(delta)
            self._points.reach("after the last token")

        provider.stream = stream_between

    async def _after(self, delta: Any) -> None:
        if delta.text and not self._has_begun:
            self._has_begun = True
            self._points.reach("after the first token")
        if delta.usage.output_tokens >= MIDDLE_TOKENS and not self._middle.is_set():
            self._points.reach("in the middle, before the checkpoint")
            self._middle.set()
            await self._kept.wait()
            self._points.reach("in the middle, after the checkpoint")


def move_clocks() -> None:
    """Python's clock and the database's, both to the same later time."""
    clock.now = lambda: datetime.now(UTC) + LATER
    plain = dialect.now_sql()
    seconds = int(LATER.total_seconds())
    moved = {
        "sqlite": f"(strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '+{seconds} seconds') || '000')",
        "postgresql": f"({plain} + interval '{seconds} seconds')",
    }[connection.vendor]
    dialect.now_sql = dialect.pinned_sql = lambda: moved
    # Leases are compared with the database's own clock, which nobody moves: they move instead.
    Call.objects.update(lease_until=F("lease_until") - LATER)


def facts(job: dict[str, Any]) -> dict[str, Any]:
    """How everything of this person stands."""
    person_id, call_id = UUID(job["person_id"]), UUID(job["request_key"])
    call = Call.objects.filter(id=call_id).first()
    balance = balances.balance(person_id)
    lines = Transfer.objects.filter(hold__person_id=person_id)
    return {
        "available": balance.available_microcredits,
        "held": balance.held_microcredits,
        "holds": sorted(Hold.objects.filter(person_id=person_id).values_list("state", flat=True)),
        "charged": sum(
            Hold.objects.filter(person_id=person_id).values_list("charged_microcredits", flat=True)
        ),
        "pending": lines.filter(kind="pending").count(),
        "ends": lines.filter(kind__in=("post", "void")).count(),
        "calls": Call.objects.filter(person_id=person_id).count(),
        "call": None
        if call is None
        else {
            "state": str(call.state),
            "charged": call.charged_microcredits,
            "input_tokens": call.input_tokens,
            "output_tokens": call.output_tokens,
        },
        "answers": Message.objects.filter(person_id=person_id, role="assistant").count(),
        "disclosures": Disclosure.objects.filter(person_id=person_id).count(),
    }


def broken() -> list[str]:
    return [finding.title for finding in verify() if finding.is_broken]


def film(job: dict[str, Any]) -> dict[str, Any]:
    """A newcomer's film: see `film_lives`."""
    newcomer(UUID(job["person_id"]))
    return film_lives.film(job)


JOBS = {
    "prepare": prepare,
    "answer": answer,
    "recover": recover,
    "inspect": inspect,
    "film": film,
    "recover_film": film_lives.recover_film,
    "inspect_films": film_lives.inspect_films,
}
