"""When terms are over: months with short ends, leap days, days of Paris, half-open boundaries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.rules.terms import cutoff, due_at, last_day

TERMS = ["P0D", "P30D", "P45D", "P6M", "P1M", "P1Y", "P1Y6M", "P25M", "P3Y", "P5Y", "P10Y"]
# Hypothesis wants bounds without a zone, and adds the zone itself.
_FIRST, _LAST = datetime(1990, 1, 1), datetime(2090, 1, 1)  # noqa: DTZ001
INSTANTS = st.datetimes(_FIRST, _LAST, timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("fact_on", "term", "last"),
    [
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
        (date(2024, 1, 31), "P1M", date(2024, 2, 29)),
        (date(2026, 8, 31), "P6M", date(2027, 2, 28)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2024, 2, 29), "P4Y", date(2028, 2, 29)),
        (date(2023, 2, 28), "P1Y", date(2024, 2, 28)),
        (date(2026, 1, 31), "P30D", date(2026, 3, 2)),
        (date(2024, 1, 31), "P30D", date(2024, 3, 1)),
        (date(2026, 12, 15), "P1M", date(2027, 1, 15)),
        (date(2026, 10, 31), "P1Y6M", date(2028, 4, 30)),
        (date(2026, 5, 5), "P0D", date(2026, 5, 5)),
    ],
)
def test_the_last_day_of_a_term(fact_on: date, term: str, last: date) -> None:
    assert last_day(fact_on, duration(term)) == last


@pytest.mark.parametrize(
    ("recorded_at", "term", "due"),
    [
        # Paris is an hour ahead of UTC in winter, two in summer.
        ("2026-01-31T12:00Z", "P1M", "2026-02-28T23:00Z"),
        ("2026-01-31T12:00Z", "P6M", "2026-07-31T22:00Z"),
        # Half past eleven in UTC is already tomorrow in Paris.
        ("2026-01-30T23:30Z", "P1M", "2026-02-28T23:00Z"),
        ("2026-01-30T22:30Z", "P1M", "2026-02-28T23:00Z"),
        ("2026-06-30T22:30Z", "P1M", "2026-08-01T22:00Z"),
        ("2026-06-30T21:30Z", "P1M", "2026-07-30T22:00Z"),
        # The nights in which the hour changes.
        ("2026-02-27T12:00Z", "P30D", "2026-03-29T22:00Z"),
        ("2026-09-25T12:00Z", "P30D", "2026-10-25T23:00Z"),
    ],
)
def test_a_term_ends_with_a_day_of_paris(recorded_at: str, term: str, due: str) -> None:
    fact = datetime.fromisoformat(recorded_at)

    assert due_at(fact, duration(term)) == datetime.fromisoformat(due)


@pytest.mark.parametrize("term", TERMS)
@given(recorded_at=INSTANTS, now=INSTANTS)
def test_what_is_before_the_cutoff_is_what_is_due(
    term: str, recorded_at: datetime, now: datetime
) -> None:
    span = duration(term)

    assert (recorded_at < cutoff(now, span)) == (due_at(recorded_at, span) <= now)


@pytest.mark.parametrize("term", TERMS)
@given(recorded_at=INSTANTS)
def test_an_instant_before_it_is_due_nothing_is(term: str, recorded_at: datetime) -> None:
    span = duration(term)
    due = due_at(recorded_at, span)

    assert recorded_at < cutoff(due, span)
    assert recorded_at >= cutoff(due - timedelta(microseconds=1), span)


@pytest.mark.parametrize("term", TERMS)
@given(earlier=INSTANTS, later=INSTANTS)
def test_earlier_facts_never_end_later(term: str, earlier: datetime, later: datetime) -> None:
    first, second = sorted([earlier, later])

    assert due_at(first, duration(term)) <= due_at(second, duration(term))
