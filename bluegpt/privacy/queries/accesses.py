"""Who saw, or asked to see, what a person wrote."""

from datetime import datetime
from uuid import UUID

from bluegpt.core import clock
from bluegpt.privacy.errors.matters import AccessClosed, UnknownAccess
from bluegpt.privacy.models import ContentAccess
from bluegpt.privacy.types.accesses import Access, AccessGround, AccessState

PAGE = 50


def accesses(*, page: int = 1) -> tuple[Access, ...]:
    """A page of all of them, the newest first."""
    start = (page - 1) * PAGE
    rows = ContentAccess.objects.order_by("-asked_at", "-id")[start : start + PAGE]
    return tuple(map(facts, rows))


def accesses_of(person_id: UUID) -> tuple[Access, ...]:
    """Those to one person's content, for that person to read; the newest first."""
    rows = ContentAccess.objects.filter(person_id=person_id).order_by("-asked_at", "-id")
    return tuple(map(facts, rows[:PAGE]))


def access(access_id: UUID) -> Access:
    """One of them. Raises UnknownAccess."""
    row = ContentAccess.objects.filter(id=access_id).first()
    if row is None:
        raise UnknownAccess
    return facts(row)


def open_access(*, access_id: UUID, actor_id: UUID) -> Access:
    """An access open now, for whoever asked for it. Raises AccessClosed or UnknownAccess."""
    found = access(access_id)
    if found.state is not AccessState.OPEN or found.asked_by != actor_id:
        raise AccessClosed
    return found


def facts(row: ContentAccess) -> Access:
    """A row as others see it, now."""
    return Access(
        id=row.id,
        person_id=row.person_id,
        ground=AccessGround(row.ground),
        reason=row.reason,
        minutes=row.minutes,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        approved_by=row.approved_by,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        first_seen_at=row.first_seen_at,
        state=_state(row, clock.now()),
    )


def _state(row: ContentAccess, now: datetime) -> AccessState:
    if row.closes_at is None:
        return AccessState.ASKED
    return AccessState.OPEN if now < row.closes_at else AccessState.CLOSED
