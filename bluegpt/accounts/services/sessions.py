"""What happens to open sessions."""

from uuid import UUID

from allauth.core.internal.httpkit import HTTP_USER_AGENT_MAX_LENGTH
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from bluegpt.accounts.errors import UnknownSession
from bluegpt.accounts.models import Person
from bluegpt.core import clock


def end(*, person_id: UUID, session_id: int) -> None:
    """Log one browser out, at once. Raises UnknownSession."""
    if _end(UserSession.objects.filter(pk=session_id, user_id=person_id)) == 0:
        raise UnknownSession


def end_others(*, person_id: UUID, current_key: str) -> int:
    """Log every other browser out, at once. Returns how many there were."""
    others = UserSession.objects.filter(user_id=person_id).exclude(session_key=current_key)
    return _end(others)


def end_all(*, person_id: UUID) -> int:
    """Log every browser out, at once. Returns how many there were."""
    return _end(UserSession.objects.filter(user_id=person_id))


def note_seen(*, session_key: str, ip: str, user_agent: str) -> None:
    """Remember when and from where a session was last used, and that its account is."""
    rows = UserSession.objects.filter(session_key=session_key)
    now = clock.now()
    rows.update(last_seen_at=now, ip=ip, user_agent=user_agent[:HTTP_USER_AGENT_MAX_LENGTH])
    Person.objects.filter(id__in=rows.values("user_id")).update(last_active_at=now)


def _end(rows: QuerySet[UserSession]) -> int:
    with transaction.atomic():
        keys = list(rows.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
