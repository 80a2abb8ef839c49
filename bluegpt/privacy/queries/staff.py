"""Who of the staff may open what, now."""

from uuid import UUID

from bluegpt.core import clock
from bluegpt.privacy.errors.staff import UnknownGrant
from bluegpt.privacy.models import StaffGrant
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import staffing
from bluegpt.privacy.types.staff import Area, Grant, StaffRole

PAGE = 50


def areas_of(person_id: UUID) -> frozenset[Area]:
    """What somebody's current grants open; nothing once the last of them has ended. One query."""
    rows = StaffGrant.objects.filter(person_id=person_id, ends_at__gt=clock.now())
    known = manifest().staff
    keys = rows.values_list("role", flat=True)
    return staffing.areas_of(known[key] for key in keys if key in known)


def roles() -> tuple[StaffRole, ...]:
    """Every role of the manifest, by key."""
    return tuple(manifest().staff[key] for key in sorted(manifest().staff))


def grants(*, page: int = 1) -> tuple[Grant, ...]:
    """A page of every grant, current and ended, the latest end first."""
    start = (page - 1) * PAGE
    rows = StaffGrant.objects.order_by("-ends_at", "-id")[start : start + PAGE]
    return tuple(map(facts, rows))


def grant(grant_id: UUID) -> Grant:
    """One grant. Raises UnknownGrant."""
    row = StaffGrant.objects.filter(id=grant_id).first()
    if row is None:
        raise UnknownGrant
    return facts(row)


def facts(row: StaffGrant) -> Grant:
    """A row as others see it, now."""
    return Grant(
        id=row.id,
        person_id=row.person_id,
        role=row.role,
        granted_by=row.granted_by,
        granted_at=row.granted_at,
        ends_at=row.ends_at,
        is_current=row.ends_at > clock.now(),
    )
