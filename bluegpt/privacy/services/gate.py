"""The only way out for personal data: leave first, a record of it, then the bytes."""

from collections.abc import Set
from uuid import UUID

from django.db import connection

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.choices import ConsentMissing
from bluegpt.privacy.errors.gate import DisclosureConflict
from bluegpt.privacy.models import Disclosure
from bluegpt.privacy.queries.consents import is_given
from bluegpt.privacy.queries.manifest import address_of, manifest
from bluegpt.privacy.queries.onboarding import check_taken_on
from bluegpt.privacy.queries.standing import standing, standing_now
from bluegpt.privacy.queries.succession_freeze import check_not_frozen
from bluegpt.privacy.rules import clearing
from bluegpt.privacy.rules.standing import check_use, closed_by
from bluegpt.privacy.services.pseudonyms import pairwise_id
from bluegpt.privacy.types.choices import Standing
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.privacy.types.manifest import Basis

_FIELDS = Disclosure._meta.concrete_fields
_COLUMNS = ", ".join(str(field.column) for field in _FIELDS)
_INSERT = (
    f"INSERT INTO {Disclosure._meta.db_table} ({_COLUMNS})"  # noqa: S608 - our own names
    f" VALUES ({', '.join(['%s'] * len(_FIELDS))}) ON CONFLICT (call_id) DO NOTHING"
)


def clear(
    *, person_id: UUID, purpose: str, recipient: str, data_classes: Set[DataClass]
) -> Clearance:
    """Leave to send a person's data of these classes to a recipient for a purpose, today.

    Raises NotCleared, or one of its kinds when the person or the operator can do something
    about it: their own choices are among the reasons. Costs two queries the first time, one
    every other second, none for what is streamed afterwards; and one a minute for everybody.
    """
    policy = manifest()
    now = clock.now()
    ground = clearing.ground(
        policy,
        purpose=purpose,
        recipient=recipient,
        data_classes=data_classes,
        address=address_of(recipient),
        today=now.date(),
    )
    check_taken_on(purpose=purpose, recipient=recipient)
    check_not_frozen(purpose=purpose, recipient=recipient)
    _check_choices(standing(person_id), purpose=purpose, recipient=recipient)
    _check_agreement(ground.basis, person_id=person_id, purpose=purpose)
    return Clearance(
        id=new_id(),
        person_id=person_id,
        purpose=purpose,
        basis=ground.basis,
        recipient=recipient,
        country=ground.country,
        transfer_basis=ground.transfer_basis,
        data_classes=frozenset(data_classes),
        pairwise_id=pairwise_id(person_id=person_id, recipient=recipient),
        policy_digest=policy.digest,
        issued_at=now,
    )


def disclose(clearance: Clearance, *, call_id: UUID) -> None:
    """Record that data left under this clearance; once per call, however often it is said.

    Part of the caller's transaction. Looks at the person's choices once more, as they are now,
    so that nothing leaves after a choice against it. Raises NotCleared, or DisclosureConflict
    when the call was already disclosed to another recipient or for another person.
    """
    own = standing_now(clearance.person_id)
    _check_choices(own, purpose=clearance.purpose, recipient=clearance.recipient)
    _check_agreement(clearance.basis, person_id=clearance.person_id, purpose=clearance.purpose)
    row = Disclosure(
        id=new_id(),
        call_id=call_id,
        person_id=clearance.person_id,
        at=clock.now(),
        purpose=clearance.purpose,
        basis=clearance.basis,
        recipient=clearance.recipient,
        country=clearance.country,
        transfer_basis=clearance.transfer_basis,
        data_classes=" ".join(sorted(clearance.data_classes)),
        policy_digest=clearance.policy_digest,
    )
    if not _is_new(row):
        earlier = Disclosure.objects.get(call_id=call_id)
        if (earlier.person_id, earlier.purpose, earlier.recipient) != (
            clearance.person_id,
            clearance.purpose,
            clearance.recipient,
        ):
            raise DisclosureConflict


def _is_new(row: Disclosure) -> bool:
    """Write a row unless its call has one. One statement, and no savepoint around it."""
    items = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in _FIELDS]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, items)
        return bool(cursor.rowcount)


def _check_choices(own: Standing, *, purpose: str, recipient: str) -> None:
    """Raise what the person's own choices say against it."""
    policy = manifest()
    check_use(own, purpose)
    facts = clearing.facts_of(policy, recipient, address=address_of(recipient))
    refusal = closed_by(policy, own, facts) if facts else None
    if refusal is not None:
        raise refusal


def _check_agreement(basis: str, *, person_id: UUID, purpose: str) -> None:
    """Raise ConsentMissing when the basis is an agreement that the person has not given."""
    if Basis.CONSENT in basis.split("+") and not is_given(person_id=person_id, purpose=purpose):
        raise ConsentMissing
