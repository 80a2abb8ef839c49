"""Spending caps: what they count, when they refuse, and when they start again."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from bluegpt.accounts.errors import UnknownKey
from bluegpt.accounts.services import api_keys, people
from bluegpt.core.ids import new_id
from bluegpt.credits.errors import CapReached, CapTooSmall, InsufficientCredits
from bluegpt.credits.models import Cap, Hold
from bluegpt.credits.queries import dialect, prices
from bluegpt.credits.queries.caps import caps_of, room
from bluegpt.credits.services import caps, ledger
from bluegpt.credits.types import CapPeriod, HoldTicket
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

DAY, MONTH = CapPeriod.DAY, CapPeriod.MONTH


def _hold(person_id: UUID, count: int, *, key_id: UUID | None = None) -> HoldTicket:
    return ledger.hold(
        hold_id=new_id(),
        person_id=person_id,
        quote=prices.quote(books.tokens(count)),
        key_id=key_id,
    )


def _limit(
    person_id: UUID, amount: int, period: CapPeriod = DAY, key_id: UUID | None = None
) -> None:
    caps.set_cap(person_id=person_id, period=period, limit_microcredits=amount, key_id=key_id)


def _used(person_id: UUID) -> list[int]:
    return [view.used_microcredits for view in caps_of(person_id)]


@pytest.fixture
def keyed(price_version: int) -> tuple[UUID, UUID]:
    """A person with 1,000 microcredits, and a key of theirs."""
    person = people.create_person(email="alice@example.org", password="Correct-horse-9-battery")
    key, _secret = api_keys.create(person_id=person.id, name="ci")
    books.grant(person.id, 1_000)
    return person.id, key.id


def test_a_hold_beyond_the_cap_is_refused_and_leaves_nothing_behind(rich_person: UUID) -> None:
    _limit(rich_person, 300)
    _hold(rich_person, 200)

    with pytest.raises(CapReached) as refused:
        _hold(rich_person, 101)

    refusal = refused.value.cap
    assert (refusal.period, refusal.key_id) == (DAY, None)
    assert (refusal.limit_microcredits, refusal.used_microcredits) == (300, 200)
    assert _used(rich_person) == [200]
    assert Hold.objects.count() == 1
    assert books.broken() == []


def test_a_hold_up_to_the_cap_exactly_is_allowed(rich_person: UUID) -> None:
    _limit(rich_person, 300)

    _hold(rich_person, 200)
    _hold(rich_person, 100)

    assert room(person_id=rich_person) == 0


def test_the_key_of_a_refused_call_may_come_again_when_the_cap_was_raised(
    rich_person: UUID,
) -> None:
    _limit(rich_person, 100)
    hold_id = new_id()
    with pytest.raises(CapReached):
        books.hold(rich_person, 150, hold_id=hold_id)

    _limit(rich_person, 200)

    assert books.hold(rich_person, 150, hold_id=hold_id).id == hold_id


def test_the_sentence_says_which_cap_and_when_it_starts_again(
    rich_person: UUID, database_clock: Clock
) -> None:
    _limit(rich_person, 100, MONTH)

    with pytest.raises(CapReached) as refused:
        _hold(rich_person, 101)

    assert refused.value.cap.starts_again_at == datetime(2026, 12, 1, tzinfo=UTC)
    sentence = str(refused.value)
    assert "monthly limit of 0.0001 credits that you set for your account" in sentence
    assert "Dec. 1, 2026 at 00:00 UTC" in sentence


def test_what_returns_at_the_end_of_a_call_comes_off_the_cap(rich_person: UUID) -> None:
    _limit(rich_person, 300)
    used, stopped = _hold(rich_person, 200), _hold(rich_person, 100)

    books.settle(used.id, 50)
    ledger.release(hold_id=stopped.id, reason="stopped")

    assert _used(rich_person) == [50]
    assert room(person_id=rich_person) == 250


def test_a_step_of_a_long_call_counts_and_is_refused_like_a_call(rich_person: UUID) -> None:
    _limit(rich_person, 300)
    first = _hold(rich_person, 100)
    ledger.hold_more(hold_id=first.id, step_id=new_id(), amount_microcredits=150)

    with pytest.raises(CapReached):
        ledger.hold_more(hold_id=first.id, step_id=new_id(), amount_microcredits=51)
    ended = books.settle(first.id, 120)

    assert ended.charged_microcredits == 120
    assert _used(rich_person) == [120]
    assert books.broken() == []


def test_a_free_call_passes_a_cap_that_is_used_up(rich_person: UUID) -> None:
    _limit(rich_person, 100)
    _hold(rich_person, 100)

    assert _hold(rich_person, 0).amount_microcredits == 0


def test_the_cap_of_a_key_counts_that_key_alone(keyed: tuple[UUID, UUID]) -> None:
    person_id, key_id = keyed
    other, _secret = api_keys.create(person_id=person_id, name="other")
    _limit(person_id, 100, DAY, key_id)

    _hold(person_id, 500)
    _hold(person_id, 200, key_id=other.id)
    _hold(person_id, 80, key_id=key_id)
    with pytest.raises(CapReached) as refused:
        _hold(person_id, 21, key_id=key_id)

    assert refused.value.cap.key_id == key_id
    assert "for this API key" in str(refused.value)


def test_the_cap_of_the_account_counts_every_key(keyed: tuple[UUID, UUID]) -> None:
    person_id, key_id = keyed
    _limit(person_id, 100)
    _limit(person_id, 500, MONTH, key_id)
    _hold(person_id, 60)

    with pytest.raises(CapReached) as refused:
        _hold(person_id, 41, key_id=key_id)

    assert refused.value.cap.key_id is None
    assert _used(person_id) == [60, 0]


def test_of_two_caps_that_refuse_the_one_that_lasts_longest_is_told(rich_person: UUID) -> None:
    _limit(rich_person, 100, DAY)
    _limit(rich_person, 110, MONTH)

    with pytest.raises(CapReached) as refused:
        _hold(rich_person, 111)

    assert refused.value.cap.period is MONTH


def test_a_new_day_starts_at_zero_and_at_midnight_by_utc(
    rich_person: UUID, database_clock: Clock
) -> None:
    database_clock.now = datetime(2026, 11, 23, 23, 59, 59, 999_999, tzinfo=UTC)
    _limit(rich_person, 100, DAY)
    _limit(rich_person, 150, MONTH)
    _hold(rich_person, 100)
    with pytest.raises(CapReached):
        _hold(rich_person, 1)

    database_clock.now = datetime(2026, 11, 24, tzinfo=UTC)

    assert _used(rich_person) == [0, 100]
    _hold(rich_person, 50)
    assert _used(rich_person) == [50, 150]


def test_a_new_month_starts_at_zero(rich_person: UUID, database_clock: Clock) -> None:
    database_clock.now = datetime(2026, 12, 31, 12, tzinfo=UTC)
    _limit(rich_person, 100, MONTH)
    _hold(rich_person, 100)

    database_clock.now = datetime(2027, 1, 1, tzinfo=UTC)

    _hold(rich_person, 100)
    assert Cap.objects.get().period_starts_on.isoformat() == "2027-01-01"


def test_what_returns_of_yesterdays_call_is_no_room_for_today(
    rich_person: UUID, database_clock: Clock
) -> None:
    _limit(rich_person, 100, DAY)
    _limit(rich_person, 500, MONTH)
    yesterdays = _hold(rich_person, 100)
    database_clock.advance(24 * 3600)
    _hold(rich_person, 70)

    books.settle(yesterdays.id, 10)

    assert _used(rich_person) == [70, 80]


def test_a_clock_that_goes_back_does_not_start_the_period_again(
    rich_person: UUID, database_clock: Clock
) -> None:
    database_clock.now = datetime(2026, 11, 24, 0, 0, 1, tzinfo=UTC)
    _limit(rich_person, 100)
    _hold(rich_person, 100)

    database_clock.advance(-2)

    with pytest.raises(CapReached):
        _hold(rich_person, 1)


def test_a_cap_that_is_set_in_the_middle_counts_what_was_before(
    rich_person: UUID, database_clock: Clock
) -> None:
    last_month = _hold(rich_person, 50)
    books.settle(last_month.id, 50)
    database_clock.now = datetime(2026, 12, 3, tzinfo=UTC)
    charged = _hold(rich_person, 100)
    books.settle(charged.id, 30)
    released = _hold(rich_person, 200)
    ledger.release(hold_id=released.id, reason="stopped")
    database_clock.advance(24 * 3600)
    _hold(rich_person, 40)
    with pytest.raises(InsufficientCredits):
        _hold(rich_person, 5_000)

    _limit(rich_person, 400, DAY)
    _limit(rich_person, 400, MONTH)

    assert _used(rich_person) == [40, 70]


def test_a_call_that_was_under_way_when_the_cap_was_set_gives_back(rich_person: UUID) -> None:
    early = _hold(rich_person, 200)
    _limit(rich_person, 300)

    books.settle(early.id, 20)

    assert _used(rich_person) == [20]


def test_a_limit_below_the_use_refuses_until_the_period_ends(
    rich_person: UUID, database_clock: Clock
) -> None:
    books.settle(_hold(rich_person, 200).id, 200)
    _limit(rich_person, 100)

    with pytest.raises(CapReached):
        _hold(rich_person, 1)
    assert room(person_id=rich_person) == 0

    database_clock.advance(24 * 3600)
    _hold(rich_person, 100)


def test_without_a_cap_there_is_no_limit_but_the_balance(rich_person: UUID) -> None:
    _limit(rich_person, 10)
    caps.remove_cap(person_id=rich_person, period=DAY)
    caps.remove_cap(person_id=rich_person, period=DAY)

    _hold(rich_person, 1_000)

    assert room(person_id=rich_person) is None


@pytest.mark.parametrize("amount", [0, -1])
def test_a_cap_is_a_positive_amount(person_id: UUID, amount: int) -> None:
    with pytest.raises(CapTooSmall):
        _limit(person_id, amount)


def test_only_ones_own_key_that_works_can_be_capped(keyed: tuple[UUID, UUID]) -> None:
    person_id, key_id = keyed
    with pytest.raises(UnknownKey):
        _limit(new_id(), 100, DAY, key_id)
    api_keys.revoke(person_id=person_id, key_id=key_id)

    with pytest.raises(UnknownKey):
        _limit(person_id, 100, DAY, key_id)


def test_a_revoked_key_leaves_no_cap(
    keyed: tuple[UUID, UUID], django_capture_on_commit_callbacks: object
) -> None:
    person_id, key_id = keyed
    _limit(person_id, 100, DAY, key_id)
    _limit(person_id, 100, DAY)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        api_keys.revoke(person_id=person_id, key_id=key_id)

    assert [view.key_id for view in caps_of(person_id)] == [None]


@pytest.mark.parametrize("has_key", [False, True])
def test_a_call_without_a_cap_costs_one_statement_by_an_index(
    person_id: UUID, has_key: bool, django_assert_num_queries: object
) -> None:
    now = dialect.now()
    key_id = new_id() if has_key else None
    with django_assert_num_queries(1) as asked:  # type: ignore[operator]
        caps.reserve(person_id=person_id, key_id=key_id, amount_microcredits=5, now=now)

    plan = _plan(asked[0]["sql"])

    assert re.search("credits_(one_cap_per_person|caps_of_person)", plan), plan


def _plan(sql: str) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            ("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql
        )
        return "\n".join(str(row) for row in cursor.fetchall())


def test_whatever_happens_the_cap_says_what_the_holds_say(
    rich_person: UUID, database_clock: Clock
) -> None:
    _limit(rich_person, 600, MONTH)
    open_calls = []
    for turn, amount in enumerate([10, 90, 40, 200, 70, 130, 5, 60]):
        open_calls.append(_hold(rich_person, amount))
        if turn % 3 == 0:
            books.settle(open_calls.pop(0).id, amount // 2)
        if turn % 3 == 1:
            ledger.release(hold_id=open_calls.pop().id, reason="stopped")
        database_clock.advance(timedelta(hours=2).total_seconds())
    counted = _used(rich_person)

    _limit(rich_person, 600, MONTH)

    assert _used(rich_person) == counted


def test_verification_names_a_cap_that_counted_something_else(rich_person: UUID) -> None:
    _limit(rich_person, 300)
    _hold(rich_person, 200)
    Cap.objects.update(used_microcredits=199)

    [finding] = books.broken()

    assert finding.invariant == "15"
    assert finding.rows == (f"cap {Cap.objects.get().id}",)
