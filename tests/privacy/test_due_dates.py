"""By when a request is answered: the calendar, as the law counts."""

from datetime import UTC, date, datetime

import pytest

from bluegpt.privacy.rules import due_dates
from bluegpt.privacy.types.durations import Duration

MONTH = Duration(months=1)


@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        # The same number of the day, on a working day.
        (date(2026, 3, 5), date(2026, 4, 7)),  # 5 April is Easter, the 6th Easter Monday
        (date(2026, 3, 10), date(2026, 4, 10)),
        # A shorter month ends on its last day.
        (date(2027, 1, 29), date(2027, 3, 1)),  # 28 February is a Sunday
        (date(2028, 1, 29), date(2028, 2, 29)),  # a leap year
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2029, 1, 31), date(2029, 2, 28)),
        (date(2026, 1, 31), date(2026, 3, 2)),  # 28 February is a Saturday
        (date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        # From a leap day, and from the end of February: the number of the day, not the end.
        (date(2028, 2, 29), date(2028, 3, 29)),
        (date(2029, 2, 28), date(2029, 3, 28)),
        # Weekends.
        (date(2026, 4, 16), date(2026, 5, 18)),  # a Saturday
        (date(2026, 4, 17), date(2026, 5, 18)),  # a Sunday
        # Holidays with a date: 1 May, 8 May, 14 July, 15 August, 1 and 11 November, Christmas.
        (date(2028, 4, 1), date(2028, 5, 2)),
        (date(2028, 4, 8), date(2028, 5, 9)),
        (date(2027, 6, 14), date(2027, 7, 15)),
        (date(2028, 7, 15), date(2028, 8, 16)),
        (date(2027, 10, 1), date(2027, 11, 2)),
        (date(2026, 10, 11), date(2026, 11, 12)),
        (date(2026, 11, 25), date(2026, 12, 28)),  # Friday the 25th, then a weekend
        # Holidays that follow Easter: Ascension, Whit Monday.
        (date(2026, 4, 14), date(2026, 5, 15)),
        (date(2026, 4, 25), date(2026, 5, 26)),
        # The end of a year.
        (date(2026, 12, 1), date(2027, 1, 4)),  # 1 January is a Friday
        (date(2026, 12, 31), date(2027, 2, 1)),  # 31 January is a Sunday
        (date(2027, 11, 30), date(2027, 12, 30)),
    ],
    ids=str,
)
def test_a_term_of_a_month_ends_on_this_day(received_on: date, due_on: date) -> None:
    assert due_dates.due_on(received_on, MONTH) == due_on


def test_a_longer_term_runs_from_the_day_of_receipt_not_from_the_first_due_date() -> None:
    # Given a request whose first month ends on a Saturday and so on Monday, 2 March.
    received_on = date(2026, 1, 31)

    whole = due_dates.due_on(received_on, Duration(months=3))

    # Then three months are three months from 31 January, not two from 2 March.
    assert whole == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (1818, date(1818, 3, 22)),  # the earliest Easter there is
        (1943, date(1943, 4, 25)),  # the latest
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2028, date(2028, 4, 16)),
        (2038, date(2038, 4, 25)),
        (2100, date(2100, 3, 28)),
    ],
)
def test_easter_is_on_this_sunday(year: int, sunday: date) -> None:
    assert due_dates.easter(year) == sunday


def test_a_year_has_eleven_public_holidays() -> None:
    days = [date.fromordinal(each) for each in range(date(2026, 1, 1).toordinal(), 739_982)]

    holidays = [day for day in days if day.year == 2026 and due_dates.is_public_holiday(day)]

    assert holidays == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


def test_the_day_of_receipt_is_the_day_in_france() -> None:
    late_in_winter = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    late_in_summer = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)

    assert due_dates.day_in_france(late_in_winter) == date(2026, 2, 1)
    assert due_dates.day_in_france(late_in_summer) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("today", "percent"),
    [
        (date(2026, 11, 27), 0),
        (date(2026, 11, 28), 0),
        (date(2026, 12, 12), 46),
        (date(2026, 12, 13), 50),
        (date(2026, 12, 22), 80),
        (date(2026, 12, 28), 100),
        (date(2027, 2, 1), 100),
    ],
)
def test_a_share_of_the_term_has_passed(today: date, percent: int) -> None:
    passed = due_dates.elapsed_percent(date(2026, 11, 28), date(2026, 12, 28), today=today)

    assert passed == percent
