"""Questions about people."""

from datetime import datetime
from uuid import UUID

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.models import Person
from bluegpt.accounts.rules.erased import erased_email
from bluegpt.accounts.types import PersonFacts


def person(person_id: UUID) -> PersonFacts:
    """One person by id. Raises UnknownPerson."""
    return _facts(Person.objects.filter(id=person_id).first())


def person_by_email(email: str) -> PersonFacts:
    """One person by address, however it is capitalised. Raises UnknownPerson."""
    return _facts(Person.objects.filter(email=email.strip().lower()).first())


def confirmed_people(
    *, after: UUID | None, created_before: datetime, limit: int
) -> tuple[PersonFacts, ...]:
    """People with a confirmed, open account, by id: those after one, so that a walk can go on."""
    found = Person.objects.filter(
        is_active=True,
        confirmed_at__isnull=False,
        closed_at=None,
        created_at__lt=created_before,
    ).order_by("id")
    if after is not None:
        found = found.filter(id__gt=after)
    return tuple(_facts(person) for person in found[:limit])


def is_erased(person_id: UUID) -> bool:
    """Whether nothing says any more who the person was."""
    left = Person.objects.filter(id=person_id).exclude(email=erased_email(person_id))
    return not left.exists()


def _facts(found: Person | None) -> PersonFacts:
    if found is None:
        raise UnknownPerson
    return PersonFacts(
        id=found.id,
        email=found.email,
        language=found.language,
        theme=found.theme,
        is_staff=found.is_staff,
        created_at=found.created_at,
        confirmed_at=found.confirmed_at,
        closed_at=found.closed_at,
    )
