"""A provider of films that does what a test tells it, a clock to move, a worker to run."""

from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.db import connections

from bluegpt.core import clock
from bluegpt.core.errors import BlueError
from bluegpt.core.models import Job
from bluegpt.core.threads import in_thread
from bluegpt.core.worker import Worker
from bluegpt.credits.models import Hold
from bluegpt.credits.queries.balances import balance
from bluegpt.credits.queries.verification import verify
from bluegpt.providers.adapters.sandbox import address
from bluegpt.providers.services import catalogue
from bluegpt.providers.services import films as provider
from bluegpt.providers.types.films import FilmProgress, FilmState
from bluegpt.providers.types.usage import Usage, UsageSource
from bluegpt.studio.adapters.previews import FilmFacts
from bluegpt.studio.flows import film_files, films
from bluegpt.studio.models import Call, FilmJob
from bluegpt.studio.services import pricing
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.media import FilmStep, FilmWish
from bluegpt.vault.services import files as vault_files
from tests.studio.conftest import GRANTED_MICROCREDITS

FILM = b"\0\0\x0f\xa8ftypisom" + b"film" * 999


def running(percent: int | None = 10) -> FilmProgress:
    """Still in the making."""
    return FilmProgress(state=FilmState.RUNNING, percent=percent)


def done(seconds: int = 4) -> FilmProgress:
    """There, and counted."""
    usage = Usage(video_seconds=seconds, source=UsageSource.FINAL)
    return FilmProgress(state=FilmState.DONE, percent=100, usage=usage)


@dataclass
class Scripted:
    """What the provider says, one thing after the other; the last one stays."""

    looks: list[FilmProgress | BlueError] = field(default_factory=lambda: [done()])
    fetches: list[bytes | BlueError] = field(default_factory=lambda: [FILM])
    submits: list[str | BlueError] = field(default_factory=lambda: ["job-1"])
    forgets: list[bool | BlueError] = field(default_factory=lambda: [True])
    facts: FilmFacts | Exception = field(
        default_factory=lambda: FilmFacts(
            width_px=640,
            height_px=360,
            duration_ms=4_000,
            has_sound=True,
            poster=b"poster",
            thumbnail=b"thumbnail",
        )
    )
    stops_at_fetch: bool = False
    at_fetch: Callable[[], None] = lambda: None
    while_submitting: Callable[[], None] = lambda: None
    calls: list[str] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)

    async def submit(self, request: Any, *, clearance: Any) -> str:
        self.requests.append(request)
        await in_thread(self.while_submitting)
        return str(self._next("submit", self.submits))

    async def look(self, _ref: str, *, request: Any) -> FilmProgress:
        seen: FilmProgress = self._next("look", self.looks)
        return seen

    async def fetch(self, _ref: str, *, request: Any) -> AsyncGenerator[bytes]:
        film = self._next("fetch", self.fetches)
        self.at_fetch()
        if self.stops_at_fetch:
            await Call.objects.aupdate(stop_asked_at=clock.now())
        yield film[:10]
        yield film[10:]

    async def forget(self, _model_key: str, ref: str) -> bool:
        return bool(self._next(f"forget {ref}", self.forgets))

    async def film_facts(self, read: Any, *, size_bytes: int) -> FilmFacts:
        assert b"".join([chunk async for chunk in read(0, size_bytes)])
        if isinstance(self.facts, Exception):
            raise self.facts
        return self.facts

    def _next(self, name: str, told: list[Any]) -> Any:
        self.calls.append(name)
        said = told.pop(0) if len(told) > 1 else told[0]
        if isinstance(said, BaseException):
            raise said
        return said


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Instead of the provider, and of the look at a stored film."""
    told = Scripted()
    for name in ("submit", "look", "fetch", "forget"):
        monkeypatch.setattr(provider, name, getattr(told, name))
    monkeypatch.setattr(film_files, "film_facts", told.film_facts)
    return told


MODEL = "sandbox/projector"
# Four seconds at 640x360 of the sandbox's projector: 0.01 US dollars each, and the markup.
SECOND_MICROCREDITS = 1_200_000
PRICE = 4 * SECOND_MICROCREDITS
NOWHERE = "http://127.0.0.1:9"  # the scripted provider is asked, and nobody over HTTP
Wish = Callable[..., FilmWish]


@dataclass
class Time:
    """A clock that stands still until it is moved."""

    now: datetime

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time(clock.now())
    monkeypatch.setattr(clock, "now", lambda: time.now)
    return time


@pytest.fixture
def wish(somebody: UUID, time: Time, scripted: Scripted) -> Iterator[Wish]:
    """A film of somebody's from the sandbox's projector."""
    catalogue.load_packaged()
    pricing.publish()
    address.remember(NOWHERE)

    def make(text: str = "A lighthouse at dusk", **more: object) -> FilmWish:
        said = {"person_id": somebody, "model_key": MODEL, "text": text, "seconds": 4}
        return FilmWish(**{**said, "size": "640x360", "with_sound": True, **more})  # type: ignore[arg-type]

    yield make
    address.forget(NOWHERE)
    connections.close_all()


def begun(wish: FilmWish) -> UUID:
    return async_to_sync(films.film)(wish).call_id


def work(time: Time, *, rounds: int = 200) -> None:
    """Let the worker run until nothing waits, moving the clock to whatever is due next."""
    for _round in range(rounds):
        Worker().run_pending()
        due = Job.objects.filter(state=Job.State.READY).order_by("run_at").first()
        if due is None:
            return
        time.now = max(time.now, due.run_at)
    raise AssertionError("the worker has never done")


def ended(creation_id: UUID) -> tuple[Call, FilmJob]:
    """How it ended; whatever that was, the books add up and nothing is held."""
    job = FilmJob.objects.get(pk=creation_id)
    call = Call.objects.get(id=creation_id)
    assert job.step == FilmStep.ENDED
    assert job.file_key == ""
    assert call.state != CallState.LIVE
    left = balance(call.person_id)
    assert left.held_microcredits == 0
    assert left.available_microcredits == GRANTED_MICROCREDITS - call.charged_microcredits
    assert [finding.title for finding in verify() if finding.is_broken] == []
    return call, job


def stored_keys() -> set[str]:
    return set(vault_files.every_key())


def ended_state(creation_id: UUID) -> str:
    """The last state of its call."""
    return str(Call.objects.get(id=creation_id).state)


def written_off(film: UUID) -> int:
    """What of it is the platform's loss, in microcredits."""
    return int(Hold.objects.get(id=film).written_off_microcredits)
