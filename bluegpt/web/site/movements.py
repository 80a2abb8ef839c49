"""The last movements of a balance, out of statements that run forwards."""

from datetime import timedelta
from uuid import UUID

from bluegpt.core import clock
from bluegpt.credits.queries import statements
from bluegpt.credits.types import Statement, StatementLine

_SHOWN_MAX = 50
_PAGE = 200
_PERIODS = (timedelta(hours=1), timedelta(days=1), timedelta(days=30), timedelta(days=3_660))


def last_movements(person_id: UUID) -> tuple[StatementLine, ...]:
    """At most _SHOWN_MAX movements, the newest first.

    Looks back further and further until a page is full, so that a busy month is not read whole.
    """
    lines: tuple[StatementLine, ...] = ()
    for period in _PERIODS:
        page = _page(person_id, period)
        if page.next_cursor:
            lines = lines or _end_of(person_id, period, page)
            break
        lines = page.lines
    return lines[::-1][:_SHOWN_MAX]


def _page(person_id: UUID, period: timedelta, cursor: int = 0) -> Statement:
    now = clock.now()
    return statements.statement(
        person_id=person_id,
        from_at=now - period,
        until_at=now + timedelta(seconds=1),
        cursor=cursor,
        limit=_PAGE,
    )


def _end_of(person_id: UUID, period: timedelta, page: Statement) -> tuple[StatementLine, ...]:
    lines = page.lines
    while page.next_cursor:
        page = _page(person_id, period, page.next_cursor)
        lines = (*lines, *page.lines)[-_SHOWN_MAX:]
    return lines
