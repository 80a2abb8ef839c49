"""The two clocks of a breach, and when it may be closed."""

from datetime import datetime, timedelta

from bluegpt.privacy.types.breaches import Clock, Risk

# To the authority, from awareness, hours of every day. Source: GDPR, Art. 33(1).
AUTHORITY = timedelta(hours=72)
# To the people at high risk: without undue delay, and by our own promise as fast (P97, C14).
PEOPLE = timedelta(hours=72)


def authority_clock(
    *, risk: Risk, aware_at: datetime, filed_at: datetime | None, now: datetime
) -> Clock:
    """By when the authority has to have the first notification."""
    due_at = None if risk is Risk.UNLIKELY else aware_at + AUTHORITY
    return _clock(due_at, filed_at, now)


def people_clock(
    *, risk: Risk, aware_at: datetime, told_at: datetime | None, now: datetime
) -> Clock:
    """By when the people concerned have to be told."""
    due_at = aware_at + PEOPLE if risk is Risk.HIGH else None
    return _clock(due_at, told_at, now)


def missing(*, authority: Clock, people: Clock, filing_is_complete: bool) -> tuple[str, ...]:
    """What still stands between a breach and its closing."""
    found = []
    if authority.due_at is not None and authority.done_at is None:
        found.append("authority")
    if authority.due_at is not None and not filing_is_complete:
        found.append("completion")
    if people.due_at is not None and people.done_at is None:
        found.append("people")
    return tuple(found)


def _clock(due_at: datetime | None, done_at: datetime | None, now: datetime) -> Clock:
    # No reason of any kind stops these clocks: not force majeure, not an inquiry (C18).
    late = due_at is not None and (done_at or now) > due_at
    return Clock(due_at=due_at, done_at=done_at, is_overdue=late)
