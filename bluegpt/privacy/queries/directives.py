"""What a person has laid down for after their death."""

import json
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.models import Directive, TrustedPerson
from bluegpt.privacy.types.directives import Directions, Wish
from bluegpt.privacy.types.requests import Contact
from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.services import seal as vault

CONTACT = "privacy.trusted_person.contact"


def directions(person_id: UUID) -> Directions:
    """What is in force; empty when nothing was ever laid down, or all of it was revoked."""
    rows = list(Directive.objects.filter(person_id=person_id, revoked_at=None))
    trusted = TrustedPerson.objects.filter(person_id=person_id, revoked_at=None).first()
    instants = [row.given_at for row in rows] + ([trusted.named_at] if trusted else [])
    return Directions(
        wishes={DataClass(row.data_class): Wish(row.wish) for row in rows},
        trusted=_contact(trusted) if trusted else None,
        given_at=max(instants, default=None),
    )


def classes_wished(person_id: UUID, wish: Wish) -> frozenset[DataClass]:
    """The kinds of data for which the person laid this down."""
    mine = Directive.objects.filter(person_id=person_id, revoked_at=None, wish=wish.value)
    return frozenset(map(DataClass, mine.values_list("data_class", flat=True)))


def _contact(row: TrustedPerson) -> Contact:
    try:
        plain = vault.open_sealed(
            bytes(row.contact_sealed),
            person_id=row.person_id,
            data_class=DataClass.DIRECTIVE,
            context=f"{CONTACT}:{row.id}",
        )
    except CannotOpen:
        return Contact()
    return Contact(**json.loads(plain))
