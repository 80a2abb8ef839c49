"""Questions about open sessions."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from bluegpt.accounts.rules.browsers import browser_of, system_of
from bluegpt.accounts.types import SessionFacts
from bluegpt.core import clock


def sessions(person_id: UUID, *, current_key: str = "") -> tuple[SessionFacts, ...]:
    """The browsers that are logged in, this one first, then by last use. Two queries."""
    rows = list(UserSession.objects.filter(user_id=person_id).order_by("-last_seen_at"))
    alive = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=clock.now()
        ).values_list("session_key", flat=True)
    )
    found = (_facts(row, current_key) for row in rows if row.session_key in alive)
    return tuple(sorted(found, key=lambda session: not session.is_current))


def _facts(row: UserSession, current_key: str) -> SessionFacts:
    return SessionFacts(
        id=row.pk,
        browser=browser_of(row.user_agent),
        system=system_of(row.user_agent),
        ip=row.ip,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        is_current=row.session_key == current_key,
    )
