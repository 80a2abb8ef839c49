"""Giving and taking back roles."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.privacy.errors.staff import (
    GrantTooLong,
    NotGrantedToOneself,
    UnknownGrant,
    UnknownRole,
)
from bluegpt.privacy.models import StaffGrant
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.staff import facts
from bluegpt.privacy.services import staff_log
from bluegpt.privacy.types.staff import Grant

_DAY_S = 24 * 3600


def grant(*, actor_id: UUID | None, person_id: UUID, role: str, ends_at: datetime) -> Grant:
    """Give somebody a role until an instant. Without an actor it is given at the console.

    Raises UnknownRole, GrantTooLong or NotGrantedToOneself.
    """
    now = clock.now()
    known = manifest().staff.get(role)
    if known is None:
        raise UnknownRole
    if actor_id == person_id:
        raise NotGrantedToOneself
    if not 0 < (ends_at - now).total_seconds() <= (known.longest.days_about + 1) * _DAY_S:
        raise GrantTooLong
    with transaction.atomic():
        row = StaffGrant.objects.create(
            person_id=person_id, role=role, granted_by=actor_id, granted_at=now, ends_at=ends_at
        )
        staff_log.note(
            actor_id=actor_id,
            verb="grant.give",
            object_id=row.id,
            facts={"person": person_id, "role": role, "until": ends_at.isoformat()},
        )
    return facts(row)


def revoke(*, actor_id: UUID | None, grant_id: UUID) -> None:
    """Take a role back at once. Raises UnknownGrant when there is none that still runs."""
    now = clock.now()
    with transaction.atomic():
        if not StaffGrant.objects.filter(id=grant_id, ends_at__gt=now).update(ends_at=now):
            raise UnknownGrant
        staff_log.note(actor_id=actor_id, verb="grant.revoke", object_id=grant_id)
