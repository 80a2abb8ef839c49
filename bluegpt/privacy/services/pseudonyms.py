"""One random name per person and recipient: recipients cannot put their records together."""

from threading import Lock
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.core.ids import new_secret
from bluegpt.privacy.models import Pseudonym

# An erased pseudonym must not live on in a process for long.
_TTL_S = 60.0
_CACHED_MAX = 10_000

_cached: dict[tuple[UUID, str], tuple[str, float]] = {}
_lock = Lock()


def pairwise_id(*, person_id: UUID, recipient: str) -> str:
    """The person's name towards this recipient, made at first use; kept in memory for a minute."""
    known = _cached.get((person_id, recipient))
    if known is not None and known[1] > clock.monotonic_s():
        return known[0]
    row, _ = Pseudonym.objects.get_or_create(
        person_id=person_id,
        recipient=recipient,
        defaults={"value": new_secret(24), "created_at": clock.now()},
    )
    # Only after the commit: a name that is rolled back must not be used by the next call.
    transaction.on_commit(lambda: _remember(person_id, recipient, row.value))
    return row.value


def forget_cached() -> None:
    """Drop every name this process remembers; the table keeps them."""
    with _lock:
        _cached.clear()


def _remember(person_id: UUID, recipient: str, value: str) -> None:
    with _lock:
        if len(_cached) >= _CACHED_MAX:
            _cached.clear()
        _cached[person_id, recipient] = (value, clock.monotonic_s() + _TTL_S)
