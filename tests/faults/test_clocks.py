"""Clocks that are wrong, days that are short or long, prices and lots that change meanwhile."""

from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bluegpt.core.threads import in_thread
from bluegpt.credits import jobs
from bluegpt.credits.errors import CapReached, InsufficientCredits
from bluegpt.credits.models import Hold
from bluegpt.credits.queries import balances, dialect, prices
from bluegpt.credits.queries.caps import caps_of
from bluegpt.credits.queries.holds import overdue_holds
from bluegpt.credits.rules.capping import next_starts_on, starts_at, starts_on
from bluegpt.credits.services import caps, ledger
from bluegpt.credits.types import CapPeriod, HoldState
from bluegpt.studio.flows import chat, live
from bluegpt.studio.jobs import settle_interrupted
from bluegpt.studio.types.calls import CallState, Position
from bluegpt.studio.types.conversations import Ask
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PARIS = ZoneInfo("Europe/Paris")
TEN_MINUTES = timedelta(minutes=10)
SKEWS = pytest.mark.parametrize("skew", [TEN_MINUTES, -TEN_MINUTES], ids=["ahead", "behind"])
Asking = Callable[..., Ask]


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@SKEWS
def test_a_lot_ends_by_the_databases_clock_whatever_this_machine_thinks(
    person_id: UUID, price_version: int, skew: timedelta
) -> None:
    now = dialect.now()
    with time_machine.travel(datetime.now(UTC) + skew):
        books.grant(person_id, 300, expires_at=now + TEN_MINUTES / 2)
        books.grant(person_id, 500, effective_at=now + TEN_MINUTES / 2)
        books.grant(
            person_id,
            700,
            effective_at=now - TEN_MINUTES,
            expires_at=now - TEN_MINUTES / 2,
        )

        assert balances.balance(person_id).available_microcredits == 300
        with pytest.raises(InsufficientCredits):
            books.hold(person_id, 301)
        jobs.expire_lots()
        assert books.hold(person_id, 300).state is HoldState.HELD
    assert books.broken() == []


@SKEWS
def test_a_deadline_is_so_long_after_the_databases_now_whatever_this_machine_thinks(
    rich_person: UUID, skew: timedelta
) -> None:
    with time_machine.travel(datetime.now(UTC) + skew):
        before = dialect.now()
        lasting = books.hold(rich_person, 10, ttl_s=300)
        over = books.hold(rich_person, 10, ttl_s=0)
        jobs.release_overdue_holds()

    placed_at = lasting.expires_at - timedelta(seconds=300)
    assert before <= placed_at <= dialect.now()
    states = dict(Hold.objects.values_list("id", "state"))
    assert states == {lasting.id: HoldState.HELD, over.id: HoldState.RELEASED}
    assert overdue_holds(10, state=HoldState.HELD) == ()
    assert books.broken() == []


@SKEWS
def test_a_cap_counts_the_databases_day(rich_person: UUID, skew: timedelta) -> None:
    caps.set_cap(person_id=rich_person, period=CapPeriod.DAY, limit_microcredits=100)
    with time_machine.travel(datetime.now(UTC) + 150 * skew):  # this machine is in another day
        books.hold(rich_person, 100)
        with pytest.raises(CapReached):
            books.hold(rich_person, 1)

    [view] = caps_of(rich_person)
    assert view.used_microcredits == 100


@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
async def test_a_process_whose_clock_is_ahead_leaves_living_answers_alone(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking(switches="pace_ms=0 first_ms=0 stall_after=20 tokens=100"))
    following = live.follow(person_id=somebody, call_id=asked.call_id, after=Position())
    async with aclosing(following):
        await anext(following)  # it was dispatched, and the provider speaks

    with time_machine.travel(datetime.now(UTC) + TEN_MINUTES):
        await in_thread(settle_interrupted)

    hold = await Hold.objects.aget(id=asked.call_id)
    await live.stop(person_id=somebody, call_id=asked.call_id)
    call = await live.finished(person_id=somebody, call_id=asked.call_id)
    assert hold.state in {HoldState.HELD, HoldState.DISPATCHED}
    assert call.state is CallState.STOPPED


def test_an_hour_that_a_clock_skips_or_repeats_is_an_hour(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    for change in (_at(2026, 10, 25, 0, 30), _at(2027, 3, 28, 0, 30)):
        database_clock.now = change
        books.grant(person_id, 100, expires_at=change + timedelta(hours=1))
        ticket = books.hold(person_id, 40, ttl_s=3_600)
        assert ticket.expires_at == change + timedelta(hours=1)
        assert abs(ticket.expires_at.astimezone(PARIS).hour - change.astimezone(PARIS).hour) != 1

        database_clock.advance(3_599.999)
        assert overdue_holds(10, state=HoldState.HELD) == ()
        assert balances.balance(person_id).available_microcredits == 60
        database_clock.advance(0.001)
        jobs.release_overdue_holds()
        assert balances.balance(person_id).available_microcredits == 0
        jobs.expire_lots()
        assert books.broken() == []


@pytest.mark.parametrize(
    ("start", "following"),
    [
        (date(2028, 2, 1), date(2028, 3, 1)),  # 29 days
        (date(2027, 2, 1), date(2027, 3, 1)),
        (date(2026, 12, 1), date(2027, 1, 1)),
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 4, 1), date(2026, 5, 1)),
    ],
)
def test_a_month_begins_where_the_one_before_it_ends(start: date, following: date) -> None:
    last_instant = starts_at(following) - timedelta(microseconds=1)

    assert next_starts_on(CapPeriod.MONTH, start) == following
    assert starts_on(CapPeriod.MONTH, last_instant) == start
    assert starts_on(CapPeriod.MONTH, starts_at(following)) == following
    assert starts_on(CapPeriod.MONTH, last_instant.astimezone(PARIS)) == start


@pytest.mark.parametrize(
    "day", [date(2028, 2, 28), date(2028, 2, 29), date(2026, 12, 31), date(2027, 3, 28)]
)
def test_a_day_has_one_successor_in_leap_years_and_when_clocks_change(day: date) -> None:
    following = next_starts_on(CapPeriod.DAY, day)

    assert following == day + timedelta(days=1)
    assert starts_on(CapPeriod.DAY, starts_at(following) - timedelta(microseconds=1)) == day
    assert starts_at(following) - starts_at(day) == timedelta(hours=24)


@pytest.mark.parametrize(
    "midnight", [_at(2028, 2, 29), _at(2028, 3, 1), _at(2027, 3, 1), _at(2027, 1, 1)]
)
def test_a_cap_that_is_used_up_opens_at_the_first_instant_of_its_next_period(
    rich_person: UUID, database_clock: Clock, midnight: datetime
) -> None:
    database_clock.now = midnight - timedelta(microseconds=1_000)
    caps.set_cap(person_id=rich_person, period=CapPeriod.DAY, limit_microcredits=100)
    books.grant(rich_person, 1_000)
    books.hold(rich_person, 100)
    with pytest.raises(CapReached) as refused:
        books.hold(rich_person, 1)
    assert refused.value.cap.starts_again_at == midnight

    database_clock.now = midnight

    assert books.hold(rich_person, 100).state is HoldState.HELD


def test_credits_that_end_between_the_price_and_the_hold_are_not_held(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    books.grant(person_id, 100, expires_at=database_clock.now + timedelta(seconds=1))
    quote = prices.quote(books.tokens(100))
    assert balances.balance(person_id).available_microcredits == quote.amount_microcredits

    database_clock.advance(1)
    key = UUID(int=7)
    with pytest.raises(InsufficientCredits) as refusal:
        ledger.hold(hold_id=key, person_id=person_id, quote=quote)

    assert refusal.value.available_microcredits == 0
    assert Hold.objects.get(id=key).state == HoldState.REFUSED
    jobs.expire_lots()
    assert books.broken() == []
