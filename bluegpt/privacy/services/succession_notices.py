"""Telling everybody that the service changes hands, once each, and what they decide.

A row is committed before each letter, so that whatever dies or runs twice sends no second one.
Whoever could not be told is tried again a few times, then left for staff; nothing of theirs is
handed over meanwhile.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.jobs import enqueue
from bluegpt.mailroom.services import letters
from bluegpt.privacy.errors.successions import HandedOverAlready, UnknownSuccession
from bluegpt.privacy.models import Succession, SuccessionNotice
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.successions import declared, live, to_be_told
from bluegpt.privacy.rules import terms
from bluegpt.privacy.services import requests, staff_log, succession_notes
from bluegpt.privacy.services.succession_letters import BATCH, TRIES_MAX, write_to
from bluegpt.privacy.services.successions import TELL_JOB, locked
from bluegpt.privacy.types.rights import Right


def tell_batch(succession_id: UUID, *, after: UUID | None) -> UUID | None:
    """Write to the next fifty people after one; whom to go on after, None at the end.

    Raises MailIsAway.
    """
    row = Succession.objects.filter(
        id=succession_id, is_live=True, bundle_from__isnull=False
    ).first()
    if row is None:
        return None
    people = list(_next(row, after)[:BATCH])
    write_to(
        people,
        claimed=lambda reader: _claimed(row, reader.id),
        told=lambda reader: _tell(row, reader),
        verb="succession.tell",
        succession_id=row.id,
    )
    return people[-1].id if len(people) == BATCH else None


def go_on() -> None:
    """Have those told who joined since, or could not be told the last time."""
    row = Succession.objects.filter(is_live=True, bundle_from__isnull=False).first()
    if row is not None and _next(row, None).exists():
        enqueue(TELL_JOB, {"succession_id": str(row.id)}, unique_key=str(row.id))


def try_again(*, actor_id: UUID, succession_id: UUID) -> None:
    """Send another letter to whoever was not reached, those of a process that died included."""
    with transaction.atomic():
        row = locked(succession_id)
        now = clock.now()
        waiting = SuccessionNotice.objects.filter(succession=row, sent_at=None, objected_at=None)
        waiting.update(tries=0, failed_at=now)
        staff_log.note(actor_id=actor_id, verb="succession.try_again", object_id=row.id)
        enqueue(TELL_JOB, {"succession_id": str(row.id)}, unique_key=str(row.id))


def object_to(*, person_id: UUID) -> None:
    """Nothing of this person is handed over, from this moment. Source: GDPR, Art. 21.

    Raises HandedOverAlready, or UnknownSuccession when the service is not changing hands.
    """
    with transaction.atomic():
        notice = _own(person_id)
        if notice.handed_over_at is not None:
            raise HandedOverAlready
        if notice.objected_at is None:
            notice.objected_at = clock.now()
            notice.save(update_fields=["objected_at"])
            succession_notes.objected(notice, at=notice.objected_at)
            requests.note_act(person_id=person_id, right=Right.OBJECTION)


def object_for(*, actor_id: UUID, person_id: UUID) -> None:
    """Note the objection of somebody who wrote; otherwise as `object_to`."""
    with transaction.atomic():
        object_to(person_id=person_id)
        staff_log.note(actor_id=actor_id, verb="succession.object", object_id=live().id)


def withdraw_objection(*, person_id: UUID) -> None:
    """Go along after all; the person's own notice starts with a letter where none was sent."""
    with transaction.atomic():
        notice = _own(person_id)
        if notice.objected_at is not None:
            notice.objected_at = None
            notice.save(update_fields=["objected_at"])
            succession_notes.returned(notice, at=clock.now())


def _own(person_id: UUID) -> SuccessionNotice:
    """The person's row of the live succession, for this transaction alone."""
    row = live()
    if row.bundle_from is None:
        raise UnknownSuccession
    # A row that nobody has claimed: tried no time, so a letter is still owed.
    SuccessionNotice.objects.bulk_create(
        [SuccessionNotice(succession=row, person_id=person_id, noted_at=clock.now())],
        ignore_conflicts=True,
    )
    return SuccessionNotice.objects.select_for_update().get(succession=row, person_id=person_id)


def _next(row: Succession, after: UUID | None) -> QuerySet[Person]:
    """Whoever is still to be told and may be tried, by id."""
    not_now = SuccessionNotice.objects.filter(
        Q(tries__gte=TRIES_MAX) | Q(tries__gte=1, failed_at=None),
        succession=row,
        person_id=OuterRef("id"),
    )
    people = to_be_told(row).exclude(Exists(not_now))
    return people if after is None else people.filter(id__gt=after)


def _claimed(row: Succession, person_id: UUID) -> bool:
    """Whether this call, and no other, sends the person's letter."""
    mine = SuccessionNotice(
        id=new_id(), succession=row, person_id=person_id, noted_at=clock.now(), tries=1
    )
    SuccessionNotice.objects.bulk_create([mine], ignore_conflicts=True)
    if SuccessionNotice.objects.filter(id=mine.id).exists():
        return True
    # Failed before, or never tried: one caller alone takes it up.
    free = SuccessionNotice.objects.filter(
        Q(failed_at__isnull=False) | Q(tries=0),
        succession=row,
        person_id=person_id,
        sent_at=None,
        objected_at=None,
        tries__lt=TRIES_MAX,
    )
    return free.update(tries=F("tries") + 1, failed_at=None) == 1


def _tell(row: Succession, reader: Person) -> bool:
    """Send the letter and note it; False when it did not get through."""
    assert row.bundle_from is not None
    now = clock.now()
    # Whoever is told late has the whole notice all the same.
    from_at = max(row.bundle_from, terms.due_at(now, manifest().succession.notice))
    own = SuccessionNotice.objects.filter(succession=row, person_id=reader.id)
    try:
        letters.send(
            to=reader.email,
            language=reader.language,
            template="privacy/email/succession",
            facts={
                "declared": declared(row),
                "from_at": from_at,
                "company": manifest().operator.company,
                "contact": manifest().operator.email,
            },
        )
    except OSError:  # what mail servers and the way to them raise
        own.update(failed_at=clock.now())
        return False
    own.update(sent_at=now, from_at=from_at)
    return True
