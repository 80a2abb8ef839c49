"""Content behind glass: asked for, approved by a second person, seen, closed.

Every step is in the log; the person concerned gets a mail when an access opens.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from bluegpt.accounts.queries.people import person
from bluegpt.core import clock, jobs
from bluegpt.privacy.errors.matters import (
    AccessUnreasoned,
    AlreadyDecided,
    SecondPersonNeeded,
    UnknownAccess,
)
from bluegpt.privacy.models import ContentAccess
from bluegpt.privacy.queries.accesses import facts, open_access
from bluegpt.privacy.services import staff_log
from bluegpt.privacy.types.accesses import Access, AccessGround, AccessState

MINUTES_MAX = 60
TELL = "privacy.tell_access"


def ask(
    *, actor_id: UUID, person_id: UUID, ground: AccessGround, reason: str, minutes: int
) -> Access:
    """Ask to see a person's content for some minutes. Nothing opens by it.

    Raises AccessUnreasoned, or UnknownPerson.
    """
    reason = " ".join(reason.split())
    if not reason or not 1 <= minutes <= MINUTES_MAX:
        raise AccessUnreasoned
    person(person_id)
    with transaction.atomic():
        row = ContentAccess.objects.create(
            person_id=person_id,
            ground=ground,
            reason=reason,
            minutes=minutes,
            asked_by=actor_id,
            asked_at=clock.now(),
        )
        staff_log.note(
            actor_id=actor_id,
            verb="access.ask",
            object_id=row.id,
            facts={"ground": ground.value, "minutes": minutes},
        )
    return facts(row)


def approve(*, actor_id: UUID, access_id: UUID) -> Access:
    """Open an access that somebody else asked for; its minutes begin now.

    Raises SecondPersonNeeded, AlreadyDecided or UnknownAccess.
    """
    now = clock.now()
    with transaction.atomic():
        row = ContentAccess.objects.select_for_update().filter(id=access_id).first()
        if row is None:
            raise UnknownAccess
        if row.closes_at is not None:
            raise AlreadyDecided
        if row.asked_by == actor_id:
            raise SecondPersonNeeded
        row.approved_by, row.opened_at = actor_id, now
        row.closes_at = now + timedelta(minutes=row.minutes)
        row.save(update_fields=["approved_by", "opened_at", "closes_at"])
        staff_log.note(actor_id=actor_id, verb="access.approve", object_id=row.id)
        jobs.enqueue(TELL, {"access_id": str(row.id)})
    return facts(row)


def close(*, actor_id: UUID, access_id: UUID) -> None:
    """End an access, or turn down one that was asked for. Raises AlreadyDecided, UnknownAccess."""
    now = clock.now()
    with transaction.atomic():
        row = ContentAccess.objects.select_for_update().filter(id=access_id).first()
        if row is None:
            raise UnknownAccess
        if facts(row).state is AccessState.CLOSED:
            raise AlreadyDecided
        row.closes_at = now
        row.save(update_fields=["closes_at"])
        staff_log.note(actor_id=actor_id, verb="access.close", object_id=row.id)


def see(*, actor_id: UUID, access_id: UUID, what: UUID) -> Access:
    """Leave to see one thing of the person's content now; written down before it is shown.

    Raises AccessClosed or UnknownAccess.
    """
    with transaction.atomic():
        found = open_access(access_id=access_id, actor_id=actor_id)
        unseen = ContentAccess.objects.filter(id=access_id, first_seen_at=None)
        unseen.update(first_seen_at=clock.now())
        staff_log.note(
            actor_id=actor_id, verb="access.see", object_id=access_id, facts={"what": what}
        )
    return found
