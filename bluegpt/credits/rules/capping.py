"""Spending caps: their periods and the marks at which somebody is told."""

from datetime import UTC, date, datetime, time, timedelta

from bluegpt.credits.types import CapPeriod

MARKS_PERCENT = (50, 80, 100)
# A refusal says that a cap is used up when at least this much of it is; below that the one call
# was merely too large for what is left.
NEARLY_USED_UP_PERCENT = 80


def starts_on(period: CapPeriod, at: datetime) -> date:
    """The first UTC day of the period that an instant falls in: [start, next start)."""
    day = at.astimezone(UTC).date()
    return day if period is CapPeriod.DAY else day.replace(day=1)


def next_starts_on(period: CapPeriod, start: date) -> date:
    """The first day of the period that follows the one starting on `start`."""
    if period is CapPeriod.DAY:
        return start + timedelta(days=1)
    return (start.replace(day=1) + timedelta(days=31)).replace(day=1)


def starts_at(day: date) -> datetime:
    """The instant at which a UTC day begins."""
    return datetime.combine(day, time(), tzinfo=UTC)


def mark_reached(*, used_microcredits: int, limit_microcredits: int) -> int:
    """The highest mark that the use has reached, in percent; 0 below the first one."""
    reached = [
        mark for mark in MARKS_PERCENT if used_microcredits * 100 >= limit_microcredits * mark
    ]
    return max(reached, default=0)
