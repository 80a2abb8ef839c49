"""Background jobs: enqueued inside the business transaction, run at least once.

A job runs after the transaction that asked for it has committed, and again after a crash or an
error, so what it does must be safe to repeat: key its effect by an id in the payload. Payloads
carry ids and small numbers only, never what a person wrote. A finished job is deleted; one that
has used up its attempts stays as `failed` for 30 days, for the operator to see.

Long waits (a video in the making) are many short jobs that raise `Again`, never one long one.
`bluegpt.core.worker` runs what is enqueued here.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from weakref import WeakSet

from django.db import transaction

from bluegpt.core import clock
from bluegpt.core.models import Job

Payload = Mapping[str, Any]
JobFunction = TypeVar("JobFunction", bound=Callable[[Payload], None])
ScheduledFunction = TypeVar("ScheduledFunction", bound=Callable[[], None])

ATTEMPTS_MAX = 5
EVENT_DELIVERY = "event.deliver"
_PAYLOAD_STRING_CHARS_MAX = 200
_FAILED_KEPT = timedelta(days=30)


class Again(Exception):
    """Raised by a job that is not done yet and nothing went wrong: run it again later.

    `payload` replaces the job's payload, so it carries state from run to run. Attempts start
    afresh: waiting is not failing.
    """

    def __init__(self, *, delay_s: float, payload: Payload | None = None) -> None:
        super().__init__(delay_s)
        self.delay_s = delay_s
        self.payload = payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A job this process can run. `every_s` is set when it runs by the clock."""

    function: Callable[[Payload], None]
    attempts_max: int
    every_s: int | None = None


known: dict[str, Known] = {}
_wakers: WeakSet[threading.Event] = WeakSet()


def _register(name: str, entry: Known) -> None:
    if name in known:
        raise ValueError(f"two jobs are called {name!r}")
    known[name] = entry


def job(name: str, *, attempts_max: int = ATTEMPTS_MAX) -> Callable[[JobFunction], JobFunction]:
    """Register a function as the job `name`. Raises ValueError when the name is taken."""

    def register(function: JobFunction) -> JobFunction:
        _register(name, Known(function=function, attempts_max=attempts_max))
        return function

    return register


def every(name: str, *, seconds: int) -> Callable[[ScheduledFunction], ScheduledFunction]:
    """Run a function every `seconds`, once across all workers, and never beside itself.

    The first run comes at the first start. After a pause there is one run, not one per missed turn.
    """

    def register(function: ScheduledFunction) -> ScheduledFunction:
        def run(_payload: Payload) -> None:
            function()

        _register(name, Known(function=run, attempts_max=ATTEMPTS_MAX, every_s=seconds))
        return function

    return register


def enqueue(
    name: str, payload: Payload, *, unique_key: str = "", run_at: datetime | None = None
) -> None:
    """Queue a job in the current transaction; it runs once that has committed.

    With a `unique_key`, nothing happens while a job of this name and key is ready or running.
    Raises LookupError for an unknown name and ValueError for a payload that is more than ids.
    """
    if name not in known:
        raise LookupError(f"no job is called {name!r}")
    row = Job(
        name=name,
        payload=checked(payload),
        attempts_max=known[name].attempts_max,
        unique_key=unique_key,
        run_at=run_at or clock.now(),
    )
    # Not save(): a duplicate key must not break the caller's transaction on PostgreSQL.
    Job.objects.bulk_create([row], ignore_conflicts=bool(unique_key))
    transaction.on_commit(wake, robust=True)


def hasten(name: str, *, unique_key: str) -> None:
    """Let a waiting job of this name and key run now, and not when it is due."""
    ready = Job.objects.filter(name=name, unique_key=unique_key, state=Job.State.READY)
    ready.update(run_at=clock.now())
    transaction.on_commit(wake, robust=True)


def checked(payload: Payload) -> Payload:
    """The payload, if ids and numbers is all it carries. Raises ValueError otherwise."""
    for key, value in payload.items():
        values = value if isinstance(value, list | tuple) else [value]
        for item in values:
            if isinstance(item, str) and len(item) > _PAYLOAD_STRING_CHARS_MAX:
                raise ValueError(f"{key} is too long for an id")
            if item is not None and not isinstance(item, str | int | float):
                raise ValueError(f"{key} holds a {type(item).__name__}; payloads carry ids")
    return payload


def wake() -> None:
    """Let the workers of this process look at the queue now, not at their next turn."""
    for event in list(_wakers):
        event.set()


def wakes(event: threading.Event) -> None:
    """Set `event` whenever something is enqueued in this process. Held weakly."""
    _wakers.add(event)


@every("core.forget_failed_jobs", seconds=24 * 3600)
def forget_failed_jobs() -> None:
    """Delete failed jobs after 30 days, counted from the time they were last due."""
    Job.objects.filter(state=Job.State.FAILED, run_at__lt=clock.now() - _FAILED_KEPT).delete()
