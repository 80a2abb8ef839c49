"""News that travels upwards: written with the fact, delivered after the commit.

`publish` writes one job per listener in the current transaction (the outbox), so the news exists
exactly when the fact does. After the commit each listener is tried at once in this process, which
is why a welcome grant is there when the next page is shown; a listener that fails, or a process
that dies first, leaves the row to the worker. Delivery is at least once: listeners are idempotent,
and short (well below one lease), for a request may be waiting.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock, leases, worker
from bluegpt.core.jobs import EVENT_DELIVERY, Payload, checked, job
from bluegpt.core.models import Job

_ATTEMPTS_MAX = 20  # at the queue's pace, about twelve hours
# The publisher delivers first; the worker waits this long before it believes the publisher dead.
_GRACE = timedelta(seconds=5)
_FIELD_TYPES = (UUID, str, int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact in the past tense. Fields are ids, short codes and whole numbers: UUID, str or int."""


E = TypeVar("E", bound=Event)
Listener = Callable[[Any], None]

_types: dict[str, type[Event]] = {}
_listeners: dict[str, dict[str, Listener]] = {}


def listen(event_type: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a listener, known to the outbox by its dotted name.

    Renaming one loses what is still on its way to the old name, so keep names.
    """

    def register(listener: Callable[[E], None]) -> Callable[[E], None]:
        type_name = _dotted(event_type)
        _field_types(event_type)
        _types[type_name] = event_type
        _listeners.setdefault(type_name, {})[_dotted(listener)] = listener
        return listener

    return register


def publish(event: Event) -> None:
    """Write the event for each listener in the current transaction; deliver it after that."""
    type_name = _dotted(type(event))
    rows = [
        Job(
            name=EVENT_DELIVERY,
            payload=_payload(event, type_name=type_name, listener_name=listener_name),
            attempts_max=_ATTEMPTS_MAX,
            run_at=clock.now() + _GRACE,
        )
        for listener_name in _listeners.get(type_name, {})
    ]
    Job.objects.bulk_create(rows)
    for row in rows:
        transaction.on_commit(partial(_deliver_now, row.id), robust=True)


@job(EVENT_DELIVERY, attempts_max=_ATTEMPTS_MAX)
def deliver(payload: Payload) -> None:
    """Hand one event to one listener."""
    event_type = _types[payload["event"]]
    kinds = _field_types(event_type)
    values = {name: kinds[name](value) for name, value in payload.items() if name in kinds}
    _listeners[payload["event"]][payload["listener"]](event_type(**values))


def _deliver_now(job_id: UUID) -> None:
    claimed = leases.claim_one(job_id, worker=worker.worker_name(), lease_s=leases.LEASE_S)
    if claimed is not None:
        worker.run(claimed)


def _payload(event: Event, *, type_name: str, listener_name: str) -> Payload:
    kinds = _field_types(type(event))
    values = {name: getattr(event, name) for name in kinds}
    plain = {
        name: str(value) if isinstance(value, UUID) else value for name, value in values.items()
    }
    return checked({"event": type_name, "listener": listener_name, **plain})


def _field_types(event_type: type[Event]) -> dict[str, type]:
    hints = get_type_hints(event_type)
    kinds = {each.name: hints[each.name] for each in fields(event_type)}
    for name, kind in kinds.items():
        if not (isinstance(kind, type) and issubclass(kind, _FIELD_TYPES)):
            raise TypeError(f"{event_type.__name__}.{name} must be a UUID, a str or an int")
    return kinds


def _dotted(thing: Callable[..., object]) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"
