"""Legal holds: placed with a text, a law, an author and an end; lifted before it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from bluegpt.accounts.queries.people import person
from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.staff import HoldIncomplete, UnknownHold
from bluegpt.privacy.models import LegalHold
from bluegpt.privacy.queries.holds import facts
from bluegpt.privacy.services import staff_log
from bluegpt.privacy.types.holds import Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Why data is kept, and until which day."""

    text: str
    law: str
    ends_on: date


def place(
    *, actor_id: UUID, person_id: UUID, data_classes: Collection[DataClass], matter: Matter
) -> tuple[Hold, ...]:
    """Keep a person's data of these classes until the end of a day; one hold for each class.

    Raises HoldIncomplete, or UnknownPerson for somebody who has no account.
    """
    now = clock.now()
    text, law = matter.text.strip(), matter.law.strip()
    personal = set(data_classes) - {DataClass.TECHNICAL}
    if not text or not law or not personal or matter.ends_on <= now.date():
        raise HoldIncomplete
    person(person_id)
    with transaction.atomic():
        rows = [
            LegalHold.objects.create(
                person_id=person_id,
                data_class=data_class,
                text=text,
                law=law,
                author_id=actor_id,
                created_at=now,
                ends_on=matter.ends_on,
            )
            for data_class in sorted(personal)
        ]
        for row in rows:
            staff_log.note(
                actor_id=actor_id,
                verb="hold.place",
                object_id=row.id,
                facts={"class": row.data_class, "until": matter.ends_on},
            )
    return tuple(map(facts, rows))


def lift(*, actor_id: UUID, hold_id: UUID) -> Hold:
    """End a hold today. Raises UnknownHold when it does not exist or has ended already."""
    now = clock.now()
    with transaction.atomic():
        current = LegalHold.objects.filter(id=hold_id, lifted_at=None, ends_on__gte=now.date())
        if not current.update(lifted_at=now, ends_on=now.date()):
            raise UnknownHold
        staff_log.note(actor_id=actor_id, verb="hold.lift", object_id=hold_id)
        return facts(LegalHold.objects.get(id=hold_id))
