"""The freeze: from the day on which data may be handed over, nothing new receives or uses any.

People were told who takes over, and what changes; whatever came into the policy after that was
told to nobody in time. So the version in force when two people approved is the most that may
happen. Nothing else stops: people go on writing, and every right of theirs stays open.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bluegpt.core import clock
from bluegpt.privacy.errors.successions import FrozenForSuccession
from bluegpt.privacy.models import PolicyVersion, Succession

# A freeze is known a month before it begins; only its end may be noticed this late.
_TTL_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """From when, and what was there before."""

    from_at: datetime
    purposes: frozenset[str]
    recipients: frozenset[str]


_remembered: list[tuple[Freeze | None, float]] = []


def check_not_frozen(*, purpose: str, recipient: str) -> None:
    """Raise FrozenForSuccession for a purpose or a recipient that came too late."""
    freeze = _freeze()
    if freeze is None or clock.now() < freeze.from_at:
        return
    if purpose not in freeze.purposes or recipient not in freeze.recipients:
        raise FrozenForSuccession


def check_nothing_frozen() -> None:
    """Raise FrozenForSuccession while nothing new may be approved."""
    freeze = _freeze_now()
    if freeze is not None and freeze.from_at <= clock.now():
        raise FrozenForSuccession


def forget_cached() -> None:
    """Drop what this process remembers."""
    _remembered.clear()


def _freeze() -> Freeze | None:
    if _remembered and _remembered[0][1] > clock.monotonic_s():
        return _remembered[0][0]
    found = _freeze_now()
    # What may yet be rolled back is not remembered.
    if not transaction.get_connection().in_atomic_block:
        _remembered[:] = [(found, clock.monotonic_s() + _TTL_S)]
    return found


def _freeze_now() -> Freeze | None:
    row = Succession.objects.filter(is_live=True, bundle_from__isnull=False).first()
    if row is None or row.bundle_from is None:
        return None
    published = PolicyVersion.objects.values_list("document", flat=True)
    policy = json.loads(published.get(digest=row.policy_digest))
    return Freeze(
        from_at=row.bundle_from,
        purposes=frozenset(policy["purposes"]),
        recipients=frozenset(policy["recipients"]),
    )
