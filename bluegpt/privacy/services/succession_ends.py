"""Telling those who were told that the service changes hands that it does not, once each.

A row is marked before its letter, so that whatever dies or runs twice sends no second one.
"""

from datetime import timedelta
from uuid import UUID

from django.db.models import F

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.jobs import enqueue
from bluegpt.mailroom.services import letters
from bluegpt.privacy.models import Succession, SuccessionNotice
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.successions import declared, to_be_told_of_end
from bluegpt.privacy.services.succession_letters import BATCH, TRIES_MAX, write_to
from bluegpt.privacy.services.successions import TELL_END_JOB

# Whoever could not be reached in this time is left alone: the page says the same.
_TRIED_FOR = timedelta(days=7)


def tell_batch(succession_id: UUID, *, after: UUID | None) -> UUID | None:
    """Write to the next fifty people after one; whom to go on after, None at the end.

    Raises MailIsAway.
    """
    row = Succession.objects.filter(id=succession_id, abandoned_at__isnull=False).first()
    if row is None:
        return None
    waiting = to_be_told_of_end(row, tries_max=TRIES_MAX)
    people = list((waiting if after is None else waiting.filter(id__gt=after))[:BATCH])
    write_to(
        people,
        claimed=lambda reader: _claimed(row, reader),
        told=lambda reader: _tell(row, reader),
        verb="succession.tell_end",
        succession_id=row.id,
    )
    return people[-1].id if len(people) == BATCH else None


def go_on() -> None:
    """Have those told who could not be told the last time."""
    for row in Succession.objects.filter(abandoned_at__gt=clock.now() - _TRIED_FOR):
        if to_be_told_of_end(row, tries_max=TRIES_MAX).exists():
            enqueue(TELL_END_JOB, {"succession_id": str(row.id)}, unique_key=str(row.id))


def _claimed(row: Succession, reader: Person) -> bool:
    """Whether this call, and no other, sends the person's letter."""
    free = SuccessionNotice.objects.filter(
        succession=row, person_id=reader.id, end_told_at=None, end_tries__lt=TRIES_MAX
    )
    return free.update(end_told_at=clock.now(), end_tries=F("end_tries") + 1) == 1


def _tell(row: Succession, reader: Person) -> bool:
    """Send the letter; False when it did not get through."""
    own = SuccessionNotice.objects.filter(succession=row, person_id=reader.id)
    try:
        letters.send(
            to=reader.email,
            language=reader.language,
            template="privacy/email/succession_off",
            facts={
                "declared": declared(row),
                "handed_over_at": own.get().handed_over_at,
                "company": manifest().operator.company,
                "contact": manifest().operator.email,
            },
        )
    except OSError:  # what mail servers and the way to them raise
        own.update(end_told_at=None)
        return False
    return True
