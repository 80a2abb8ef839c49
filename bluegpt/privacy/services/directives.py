"""Laying down, and revoking, what is to follow one's death. Source: loi 78-17, art. 85."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.directives import (
    NobodyTrusted,
    TrustedUnreachable,
    WishNotPossible,
)
from bluegpt.privacy.models import Directive, TrustedPerson
from bluegpt.privacy.queries import directives as queries
from bluegpt.privacy.types.directives import DISPOSABLE, Wish
from bluegpt.privacy.types.requests import Contact
from bluegpt.vault.services import seal as vault


def lay_down(*, person_id: UUID, wishes: Mapping[DataClass, Wish], trusted: Contact | None) -> None:
    """Replace what was laid down before. What stays the same keeps its date.

    Raises WishNotPossible for data that a law disposes of, NobodyTrusted when something is to be
    handed over to nobody, TrustedUnreachable when the trusted person has no name or address.
    """
    if not set(wishes) <= set(DISPOSABLE):
        raise WishNotPossible
    if trusted is not None:
        _insist_on_reachable(trusted)
    elif Wish.HAND_OVER in wishes.values():
        raise NobodyTrusted
    now = clock.now()
    with transaction.atomic():
        # The owner's row is the lock: two forms sent at once leave one set of directions.
        Person.objects.select_for_update().get(id=person_id)
        before = queries.directions(person_id)
        in_force = Directive.objects.filter(person_id=person_id, revoked_at=None)
        for data_class in set(before.wishes) | set(wishes):
            wish = wishes.get(data_class)
            if before.wishes.get(data_class) == wish:
                continue
            in_force.filter(data_class=data_class.value).update(revoked_at=now)
            if wish is not None:
                Directive.objects.create(
                    person_id=person_id,
                    data_class=data_class.value,
                    wish=wish.value,
                    given_at=now,
                )
        if before.trusted != trusted:
            TrustedPerson.objects.filter(person_id=person_id).delete()
            if trusted is not None:
                _name(person_id, trusted)


def revoke(*, person_id: UUID) -> None:
    """Take everything back, at any time and for no reason; the trusted person is forgotten."""
    with transaction.atomic():
        rows = Directive.objects.filter(person_id=person_id, revoked_at=None)
        rows.update(revoked_at=clock.now())
        TrustedPerson.objects.filter(person_id=person_id).delete()


def _name(person_id: UUID, trusted: Contact) -> None:
    row_id = new_id()
    sealed = vault.seal(
        json.dumps(asdict(trusted)).encode(),
        person_id=person_id,
        data_class=DataClass.DIRECTIVE,
        context=f"{queries.CONTACT}:{row_id}",
    )
    TrustedPerson.objects.create(
        id=row_id, person_id=person_id, contact_sealed=sealed, named_at=clock.now()
    )


def _insist_on_reachable(trusted: Contact) -> None:
    if not trusted.name or not (trusted.email or trusted.post):
        raise TrustedUnreachable
    if trusted.email:
        try:
            validate_email(trusted.email)
        except ValidationError as wrong:
            raise TrustedUnreachable from wrong
