"""By when a request is answered: calendar months, working days of France.

Source: Regulation (EEC, Euratom) 1182/71, Art. 3; GDPR, Art. 12(3); Code du travail, L3133-1.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bluegpt.privacy.types.durations import Duration

_PARIS = ZoneInfo("Europe/Paris")
_SATURDAY = 5
# The holidays with a date of their own: month and day.
_FIXED = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
# Days after Easter Sunday: Easter Monday, Ascension, Whit Monday.
_AFTER_EASTER = (1, 39, 50)


def day_in_france(instant: datetime) -> date:
    """The day on which something happens, where the operator's duties are counted."""
    return instant.astimezone(_PARIS).date()


def due_on(received_on: date, term: Duration) -> date:
    """The last day of a term that runs from the day of receipt.

    The day with the same number, or the last one of a shorter month; when that is no working day,
    the next one that is. Source: Regulation 1182/71, Art. 3(2)(c) and 3(4).
    """
    return next_working_day(_months_later(received_on, term.years * 12 + term.months))


def elapsed_percent(received_on: date, last_day: date, *, today: date) -> int:
    """How much of the term has passed, in whole percent; 100 on its last day and after."""
    if today >= last_day:
        return 100
    whole_days = (last_day - received_on).days
    return max(0, (today - received_on).days * 100 // whole_days)


def next_working_day(day: date) -> date:
    """The day itself when people work on it, otherwise the first one after it."""
    while day.weekday() >= _SATURDAY or is_public_holiday(day):
        day += timedelta(days=1)
    return day


def is_public_holiday(day: date) -> bool:
    """Whether France rests on that day, Alsace-Moselle's two more days left out."""
    if (day.month, day.day) in _FIXED:
        return True
    return (day - easter(day.year)).days in _AFTER_EASTER


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar. Source: Meeus, Astronomical Algorithms, ch. 8."""
    golden, century, of_century = year % 19, year // 100, year % 100
    correction = (
        19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - correction - of_century % 4) % 7
    late = (golden + 11 * correction + 22 * weekday) // 451
    month, day = divmod(correction + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _months_later(day: date, months: int) -> date:
    ahead = day.month - 1 + months
    year, month = day.year + ahead // 12, ahead % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
