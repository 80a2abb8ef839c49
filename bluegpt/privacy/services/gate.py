"""The only way out for personal data: leave first, a record of it, then the bytes."""

from collections.abc import Set
from uuid import UUID

from django.db import IntegrityError, transaction

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.gate import DisclosureConflict
from bluegpt.privacy.models import Disclosure
from bluegpt.privacy.queries.manifest import address_of, manifest
from bluegpt.privacy.rules import clearing
from bluegpt.privacy.services.pseudonyms import pairwise_id
from bluegpt.privacy.types.clearances import Clearance


def clear(
    *, person_id: UUID, purpose: str, recipient: str, data_classes: Set[DataClass]
) -> Clearance:
    """Leave to send a person's data of these classes to a recipient for a purpose, today.

    Raises NotCleared, or one of its kinds when the person or the operator can do something
    about it. Costs one query the first time, none for a minute afterwards.
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

    Part of the caller's transaction. Raises DisclosureConflict when the call was already
    disclosed to another recipient or for another person.
    """
    try:
        with transaction.atomic():
            Disclosure.objects.create(
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
    except IntegrityError:
        earlier = Disclosure.objects.get(call_id=call_id)
        if (earlier.person_id, earlier.purpose, earlier.recipient) != (
            clearance.person_id,
            clearance.purpose,
            clearance.recipient,
        ):
            raise DisclosureConflict from None
