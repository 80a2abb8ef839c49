"""The service changing hands: declared, approved by two, told to everybody, concluded or given up.

Source: GDPR, Art. 5(1)(a), 13(3), 20 and 21. The second approval fixes the day before which
nothing is handed over, and has people told (`succession_notices`). `succession_bundles` seals what
is handed over once that day has come.
"""

from dataclasses import asdict
from uuid import UUID

from django.db import IntegrityError, transaction

from bluegpt.core import clock
from bluegpt.core.jobs import enqueue
from bluegpt.privacy.errors.matters import AlreadyDecided, SecondPersonNeeded
from bluegpt.privacy.errors.successions import (
    SuccessionIncomplete,
    SuccessionUnderWay,
    UnknownSuccession,
)
from bluegpt.privacy.models import Succession, SuccessionBundle
from bluegpt.privacy.queries import succession_freeze
from bluegpt.privacy.queries.manifest import manifest, policy_digest
from bluegpt.privacy.queries.successions import state_of
from bluegpt.privacy.rules import terms
from bluegpt.privacy.services import staff_log, versions
from bluegpt.privacy.types.successions import Declared, SuccessionState

TELL_JOB = "privacy.tell_of_succession"
TELL_END_JOB = "privacy.tell_of_succession_end"
_UNDECIDED = (SuccessionState.DECLARED, SuccessionState.APPROVED_ONCE)
_COUNTRY_LETTERS = 2


def declare(*, actor_id: UUID, told: Declared) -> UUID:
    """Enter one; nobody is told yet. Raises SuccessionIncomplete, SuccessionUnderWay."""
    said = {key: value.strip() for key, value in asdict(told).items()}
    if not all(said.values()) or len(said["country"]) != _COUNTRY_LETTERS:
        raise SuccessionIncomplete
    said["country"] = said["country"].upper()
    with transaction.atomic():
        try:
            with transaction.atomic():
                row = Succession.objects.create(
                    declared_by=actor_id, declared_at=clock.now(), **said
                )
        except IntegrityError:
            raise SuccessionUnderWay from None
        _note(row, "declare", actor_id)
    return row.id


def approve(*, actor_id: UUID, succession_id: UUID) -> None:
    """Agree, as the first or the second of two; the second one fixes the day and has people told.

    Raises SecondPersonNeeded, AlreadyDecided, UnknownSuccession.
    """
    versions.enter()  # the version that the freeze holds to is on record
    now = clock.now()
    with transaction.atomic():
        row = locked(succession_id)
        if state_of(row) not in _UNDECIDED:
            raise AlreadyDecided
        if row.first_approver == actor_id:
            raise SecondPersonNeeded
        if row.first_approver is None:
            row.first_approver, row.first_approved_at = actor_id, now
        else:
            row.second_approver, row.second_approved_at = actor_id, now
            row.bundle_from = terms.due_at(now, manifest().succession.notice)
            row.policy_digest = policy_digest()
            enqueue(TELL_JOB, {"succession_id": str(row.id)}, unique_key=str(row.id))
        row.save()
        _note(row, "approve", actor_id)
    succession_freeze.forget_cached()


def abandon(*, actor_id: UUID | None, succession_id: UUID) -> None:
    """Give it up: nothing is handed over any more, the freeze ends, and who was told is told.

    Raises AlreadyDecided once it has ended, UnknownSuccession.
    """
    with transaction.atomic():
        row = _ended(succession_id)
        row.abandoned_at = clock.now()
        row.save(update_fields=["is_live", "abandoned_at"])
        if row.bundle_from is not None:
            enqueue(TELL_END_JOB, {"succession_id": str(row.id)}, unique_key=str(row.id))
        _note(row, "abandon", actor_id)
    succession_freeze.forget_cached()


def conclude(*, actor_id: UUID, succession_id: UUID) -> None:
    """It has happened: the last bundle was handed over, and the freeze ends.

    Raises AlreadyDecided while there is no bundle, or once it has ended; UnknownSuccession.
    """
    with transaction.atomic():
        row = _ended(succession_id)
        if not SuccessionBundle.objects.filter(succession=row).exists():
            raise AlreadyDecided
        row.concluded_at = clock.now()
        row.save(update_fields=["is_live", "concluded_at"])
        _note(row, "conclude", actor_id)
    succession_freeze.forget_cached()


def locked(succession_id: UUID) -> Succession:
    """The row, for this transaction alone. Raises UnknownSuccession."""
    row = Succession.objects.select_for_update().filter(id=succession_id).first()
    if row is None:
        raise UnknownSuccession
    return row


def _ended(succession_id: UUID) -> Succession:
    row = locked(succession_id)
    if not row.is_live:
        raise AlreadyDecided
    row.is_live = False
    return row


def _note(row: Succession, what: str, actor_id: UUID | None) -> None:
    staff_log.note(actor_id=actor_id, verb=f"succession.{what}", object_id=row.id)
