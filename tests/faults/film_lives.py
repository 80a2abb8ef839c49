"""One film from the wish to its end, in a process that may die on the way, and in the next one."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
from django.db import connections

from bluegpt.core import clock, leases
from bluegpt.core.models import Job
from bluegpt.core.worker import Worker
from bluegpt.credits.models import Hold, Transfer
from bluegpt.credits.queries import balances
from bluegpt.credits.queries.verification import verify
from bluegpt.privacy.models import Disclosure
from bluegpt.providers.adapters.sandbox import address
from bluegpt.providers.services import films as provider
from bluegpt.providers.types.films import FilmProgress, FilmState
from bluegpt.studio.adapters.previews import FilmFacts
from bluegpt.studio.flows import film_files, films
from bluegpt.studio.models import Asset, Call, FilmJob
from bluegpt.studio.services import films as steps
from bluegpt.studio.services.stopping import FILM_JOB
from bluegpt.studio.types.media import FilmWish
from bluegpt.vault.services import files
from tests.faults.points import Points

MODEL = "sandbox/projector"
PROMPT = "A lighthouse.\nsandbox: job_ms=0"
STEPS = ("begin", "leave", "watch", "see", "begin_fetching", "note_file", "end")
# Beyond a worker's lease, and well before the deadline of a film.
LATER = timedelta(minutes=5)


def film(job: dict[str, Any]) -> dict[str, Any]:
    """A wish, and a worker that fulfils it, to the end or to `job["until"]`."""
    points = Points(last=job["until"])
    _mark(points)
    points.arm()
    _ask(job)
    _work()
    return _facts(job) | {"passed": tuple(points.passed)}


def recover_film(job: dict[str, Any]) -> dict[str, Any]:
    """A new process minutes later: its worker, and the same wish once more. May die as well."""
    _move_clock(LATER * job.get("lives", 1))
    points = Points(last=job.get("until", ""))
    _mark(points)
    points.arm()
    for _twice in range(2):  # the second round has nothing to do
        leases.reap()
        _work()
    passed = tuple(points.passed)
    recovered = _facts(job)
    _ask(job)
    _work()
    return {"passed": passed, "recovered": recovered, "repeated": _facts(job)}


def inspect_films(_job: dict[str, Any]) -> dict[str, Any]:
    """What is in the store, and what the provider was asked for so far."""
    return _stored()


def _work() -> None:
    """A worker with all the time that it wants, between two looks of a film."""
    for _look in range(10):
        Worker().run_pending()
        if not Job.objects.filter(state=Job.State.READY, name=FILM_JOB).exists():
            return
        _move_clock(timedelta(minutes=1))


def _move_clock(by: timedelta) -> None:
    now = clock.now
    clock.now = lambda: now() + by


def _ask(job: dict[str, Any]) -> None:
    wish = FilmWish(
        person_id=UUID(job["person_id"]),
        model_key=MODEL,
        text=PROMPT,
        seconds=4,
        size="640x360",
        with_sound=True,
        request_key=UUID(job["request_key"]),
    )
    connections.close_all()
    asyncio.run(films.film(wish))


def _mark(points: Points) -> None:
    """Stand by the way: every step's transaction, every request, every stored file."""
    for name in STEPS:
        setattr(steps, name, points.within(name, getattr(steps, name)))
    submit, look, fetch = provider.submit, provider.look, provider.fetch
    looked: list[str] = []

    async def submit_between(request: Any, **kwargs: Any) -> str:
        points.step = "submit"
        points.reach("before the wish leaves")
        ref = await submit(request, **kwargs)
        while (await look(ref, request=request)).state is not FilmState.DONE:
            await asyncio.sleep(0.02)
        points.reach("after the wish was taken on")
        return ref

    async def look_between(ref: str, **kwargs: Any) -> FilmProgress:
        """Still in the making at the first look of a process, whatever the time."""
        points.step = "look"
        looked.append(ref)
        if len(looked) == 1:
            return FilmProgress(state=FilmState.RUNNING, percent=10)
        return await look(ref, **kwargs)

    async def fetch_between(*args: Any, **kwargs: Any) -> AsyncGenerator[bytes]:
        points.step = "fetch"
        async with aclosing(fetch(*args, **kwargs)) as chunks:
            points.reach("before the first piece")
            async for chunk in chunks:
                if chunk and "fetch: after the first piece" not in points.passed:
                    points.reach("after the first piece")
                yield chunk

    async def facts_between(*_args: Any, **_kwargs: Any) -> FilmFacts:
        points.reach("the film is stored")
        return FilmFacts(
            width_px=640,
            height_px=360,
            duration_ms=4_000,
            has_sound=True,
            poster=b"poster",
            thumbnail=b"thumbnail",
        )

    provider.submit = submit_between
    provider.look = look_between
    provider.fetch = fetch_between
    setattr(film_files, "film_facts", facts_between)  # noqa: B010  not its own


def _facts(job: dict[str, Any]) -> dict[str, Any]:
    """How everything of this person stands."""
    person_id, film_id = UUID(job["person_id"]), UUID(job["request_key"])
    call = Call.objects.filter(id=film_id).first()
    balance = balances.balance(person_id)
    hold = Hold.objects.filter(id=film_id).first()
    lines = Transfer.objects.filter(hold__person_id=person_id)
    row = FilmJob.objects.filter(pk=film_id).first()
    return {
        "available": balance.available_microcredits,
        "held": balance.held_microcredits,
        "pending": lines.filter(kind="pending").count(),
        "ends": lines.filter(kind__in=("post", "void")).count(),
        "written_off": hold.written_off_microcredits if hold else 0,
        "step": row.step if row else None,
        "call": None if call is None else [str(call.state), call.error_code],
        "charged": call.charged_microcredits if call else 0,
        "assets": Asset.objects.filter(person_id=person_id).count(),
        "disclosures": Disclosure.objects.filter(person_id=person_id).count(),
        "broken": [finding.title for finding in verify() if finding.is_broken],
    } | _stored()


def _stored() -> dict[str, int]:
    return {"files": len(list(files.every_key())), "submits": asyncio.run(_submits())}


async def _submits() -> int:
    """How many films the provider was ever asked for."""
    url = f"{address.base_url()}/sandbox/calls"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        calls = (await response.json())["calls"]
    return sum(call["model"] == "projector" for call in calls)
