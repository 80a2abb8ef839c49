"""Can this process do its work? Names and yes or no, nothing about anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import Error as AnyDatabaseError
from django.db import connections

from bluegpt.core import clock
from bluegpt.core.models import Schedule
from bluegpt.credits.queries.last_check import last_check
from bluegpt.ops import schema
from bluegpt.ops.schema import SchemaState
from bluegpt.vault.services import erasures

# The shortest schedule is due every few seconds; one that is this late has nobody who runs it.
_LATE = timedelta(seconds=30)


@dataclass(slots=True)
class _Memory:
    """Databases that were up to date stay so for as long as this code runs."""

    is_current: bool = False


_memory = _Memory()


def readiness() -> Mapping[str, bool]:
    """Each thing that a request needs, and whether it is there."""
    answering = {alias: _answers(alias) for alias in connections}
    can_look = all(answering.values())
    return {
        "database": answering["default"],
        "vault": answering["vault"],
        "migrations": can_look and _is_current(),
        "worker": can_look and _is_worker_alive(),
        "erasures": can_look and _is_current() and erasures.is_caught_up(),
    }


def are_books_sound() -> bool | None:
    """What the last verification of the books found; None when there was none, or nobody knows.

    No part of readiness: books that do not add up are for somebody to look at, and turning every
    process away would make them no better.
    """
    try:
        found = last_check() if _is_current() else None
    except AnyDatabaseError:
        return None
    return None if found is None else found.is_sound


def _answers(alias: str) -> bool:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except AnyDatabaseError:
        return False
    return True


def _is_current() -> bool:
    if not _memory.is_current:
        _memory.is_current = schema.state() is SchemaState.CURRENT
    return _memory.is_current


def _is_worker_alive() -> bool:
    """Schedules move on only while a worker runs: theirs is the heartbeat."""
    if not _is_current():
        return False
    due = Schedule.objects.values_list("next_at", flat=True)
    return bool(due) and min(due) > clock.now() - _LATE
