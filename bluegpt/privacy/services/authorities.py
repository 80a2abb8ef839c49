"""Requests of authorities: recorded, approved by two, kept by a hold, and only then exported."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.matters import (
    AlreadyDecided,
    AuthorityRequestIncomplete,
    NotApprovedByTwo,
    SecondPersonNeeded,
    UnknownAuthorityRequest,
)
from bluegpt.privacy.models import AuthorityRequest
from bluegpt.privacy.queries import handover
from bluegpt.privacy.queries.authorities import facts
from bluegpt.privacy.queries.holds import held_classes
from bluegpt.privacy.services import holds, staff_log
from bluegpt.privacy.types.authorities import Authority, AuthorityState

_UNDECIDED = (AuthorityState.RECORDED, AuthorityState.APPROVED_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the letter of an authority says."""

    authority: str
    reference: str
    law: str
    data_classes: Collection[DataClass]
    received_at: datetime
    hold_until: date


def record(*, actor_id: UUID, person_id: UUID, demand: Demand) -> Authority:
    """Enter a request, and keep what it asks for with a legal hold from now on.

    Raises AuthorityRequestIncomplete, HoldIncomplete or UnknownPerson.
    """
    authority, law = demand.authority.strip(), demand.law.strip()
    classes = sorted(set(demand.data_classes) - {DataClass.TECHNICAL})
    if not authority or not law or not classes:
        raise AuthorityRequestIncomplete
    with transaction.atomic():
        holds.place(
            actor_id=actor_id,
            person_id=person_id,
            data_classes=classes,
            matter=holds.Matter(
                text=f"{authority} {demand.reference}".strip(), law=law, ends_on=demand.hold_until
            ),
        )
        row = AuthorityRequest.objects.create(
            person_id=person_id,
            authority=authority,
            reference=demand.reference.strip(),
            law=law,
            data_classes=" ".join(classes),
            received_at=demand.received_at,
            recorded_by=actor_id,
        )
        staff_log.note(
            actor_id=actor_id,
            verb="authority.record",
            object_id=row.id,
            facts={"classes": row.data_classes},
        )
    return facts(row)


def approve(*, actor_id: UUID, request_id: UUID) -> Authority:
    """Agree to the export, as the first or the second of two different people.

    Raises SecondPersonNeeded, AlreadyDecided or UnknownAuthorityRequest.
    """
    now = clock.now()
    with transaction.atomic():
        row = _locked(request_id)
        if facts(row).state not in _UNDECIDED:
            raise AlreadyDecided
        if row.first_approver == actor_id:
            raise SecondPersonNeeded
        if row.first_approver is None:
            row.first_approver, row.first_approved_at = actor_id, now
        else:
            row.second_approver, row.second_approved_at = actor_id, now
        row.save()
        staff_log.note(actor_id=actor_id, verb="authority.approve", object_id=row.id)
    return facts(row)


def refuse(*, actor_id: UUID, request_id: UUID) -> Authority:
    """Turn a request down; nothing leaves. Raises AlreadyDecided, UnknownAuthorityRequest."""
    with transaction.atomic():
        row = _locked(request_id)
        if facts(row).state is AuthorityState.REFUSED or row.exported_at is not None:
            raise AlreadyDecided
        row.refused_at = clock.now()
        row.save(update_fields=["refused_at"])
        staff_log.note(actor_id=actor_id, verb="authority.refuse", object_id=row.id)
    return facts(row)


def export(*, actor_id: UUID, request_id: UUID) -> Iterator[bytes]:
    """The person's rows of the scope, a line of JSON each; written down before the first.

    Refused, with nothing read, unless two different people have approved and a hold keeps every
    class of the scope. Raises NotApprovedByTwo or UnknownAuthorityRequest. What was handed over
    is named by its SHA-256 once it was read to the end.
    """
    with transaction.atomic():
        row = _locked(request_id)
        found = facts(row)
        is_held = set(found.data_classes) <= held_classes(row.person_id)
        if found.state not in {AuthorityState.APPROVED, AuthorityState.EXPORTED} or not is_held:
            raise NotApprovedByTwo
        row.exported_at = clock.now()
        row.save(update_fields=["exported_at"])
        staff_log.note(actor_id=actor_id, verb="authority.export", object_id=row.id)
    return _told(found)


def _told(request: Authority) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for line in handover.lines(person_id=request.person_id, data_classes=request.data_classes):
        digest.update(line)
        yield line
    AuthorityRequest.objects.filter(id=request.id).update(exported_sha256=digest.hexdigest())


def _locked(request_id: UUID) -> AuthorityRequest:
    row = AuthorityRequest.objects.select_for_update().filter(id=request_id).first()
    if row is None:
        raise UnknownAuthorityRequest
    return row
