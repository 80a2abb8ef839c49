"""Calendar arithmetic: when a term is over, and which facts are old enough for theirs to be.

A term is counted in whole days of the operator's calendar, which is that of Paris. The day of the
fact is not counted; a term of months or years ends with the day of the same number, or with the
last day of a month that has no such day; it is over when that last day is. Source: Regulation
(EEC, Euratom) No 1182/71, Art. 3(1) to (2)(c). Its paragraph 4 (holidays) is for acts that somebody
owes, and data does not owe any: the clock works on Sundays.

So a row is kept in [fact, due): at `due_at` it is due, an instant before it is not. Counting by
days also makes the order of facts the order of their ends: with a time of day, a fact of
31 January 10:00 would end a month later before one of 28 January 11:00.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bluegpt.privacy.types.durations import Duration

CALENDAR = ZoneInfo("Europe/Paris")
_DAY = timedelta(days=1)


def last_day(fact_on: date, term: Duration) -> date:
    """The last day of a term: years and months first, then days."""
    return _moved(fact_on, term.years * 12 + term.months) + timedelta(days=term.days)


def due_at(recorded_at: datetime, term: Duration) -> datetime:
    """The first instant after the term, in UTC. `recorded_at` is aware."""
    return midnight(last_day(day_of(recorded_at), term) + _DAY)


def cutoff(now: datetime, term: Duration) -> datetime:
    """The instant before which facts are old enough: `due_at(fact, term) <= now` if and only if
    `fact < cutoff(now, term)`."""
    return midnight(cutoff_day(day_of(now), term))


def cutoff_day(today: date, term: Duration) -> date:
    """The first day whose facts are not old enough on a day."""
    day = _moved(today - timedelta(days=term.days), -(term.years * 12 + term.months))
    # Months of different length move the inverse by a few days at most.
    while last_day(day, term) < today:
        day += _DAY
    while last_day(day, term) >= today:
        day -= _DAY
    return day + _DAY


def day_of(instant: datetime) -> date:
    """The day in the operator's calendar."""
    return instant.astimezone(CALENDAR).date()


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CALENDAR).astimezone(UTC)


def _moved(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
