"""What people are told: a spending limit that fills up, credits that end soon. Once each."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.db import transaction

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import api_keys, people
from bluegpt.core.ids import new_id
from bluegpt.credits import jobs
from bluegpt.credits.errors import CapReached
from bluegpt.credits.models import Cap
from bluegpt.credits.queries import balances, prices
from bluegpt.credits.queries.caps import alerts_of
from bluegpt.credits.services import caps, ledger, letters, lots
from bluegpt.credits.types import CapPeriod
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

DAY, MONTH = CapPeriod.DAY, CapPeriod.MONTH
PASSWORD = "Correct-horse-9-battery"


@pytest.fixture
def alice(transactional_db: None, database_clock: Clock) -> Person:
    """Somebody with 1,000 microcredits, and nothing in the post."""
    person = people.create_person(email="alice@example.org", password=PASSWORD)
    books.publish(microcredits_per_token=1)
    ledger_lots = balances.lots(person.id)
    assert [lot.reason for lot in ledger_lots] == ["Welcome"]
    mail.outbox.clear()
    return person


def _call(person_id: UUID, held: int, used: int, *, key_id: UUID | None = None) -> None:
    ticket = ledger.hold(
        hold_id=new_id(),
        person_id=person_id,
        quote=prices.quote(books.tokens(held)),
        key_id=key_id,
    )
    books.settle(ticket.id, used)


def _limit(
    person_id: UUID, amount: int, period: CapPeriod = DAY, key_id: UUID | None = None
) -> None:
    caps.set_cap(person_id=person_id, period=period, limit_microcredits=amount, key_id=key_id)


def _told() -> list[str]:
    return [str(message.subject) for message in mail.outbox]


def test_each_mark_is_told_once_when_it_is_passed(alice: Person) -> None:
    _limit(alice.id, 1_000)

    told = []
    for used in [499, 1, 100, 199, 1, 100, 99, 1]:
        _call(alice.id, used, used)
        told.append(len(mail.outbox))

    assert told == [0, 1, 1, 1, 2, 2, 2, 3]
    assert _told() == [
        "50 % of a spending limit is spent",
        "80 % of a spending limit is spent",
        "A spending limit is used up",
    ]
    assert {address for message in mail.outbox for address in message.to} == {alice.email}


def test_a_call_that_passes_two_marks_is_told_by_the_higher_one(alice: Person) -> None:
    _limit(alice.id, 1_000)

    _call(alice.id, 850, 850)

    assert _told() == ["80 % of a spending limit is spent"]
    assert [view.alerted_percent for view in alerts_of(alice.id)] == [80]


def test_what_calls_only_hold_is_not_told_as_spent(alice: Person) -> None:
    under_way = books.hold(alice.id, 800)
    _limit(alice.id, 1_000)
    assert alerts_of(alice.id) == ()

    _call(alice.id, 100, 50)
    assert _told() == []
    assert alerts_of(alice.id) == ()

    books.settle(under_way.id, 460)
    assert _told() == ["50 % of a spending limit is spent"]


def test_the_next_period_tells_again(alice: Person, database_clock: Clock) -> None:
    _limit(alice.id, 1_000)
    _call(alice.id, 600, 600)
    database_clock.advance(24 * 3600)
    assert alerts_of(alice.id) == ()

    _call(alice.id, 600, 600)

    assert _told() == ["50 % of a spending limit is spent"] * 2


def test_the_end_of_yesterdays_call_tells_nothing_of_a_day_that_is_over(
    alice: Person, database_clock: Clock
) -> None:
    _limit(alice.id, 1_000)
    ticket = books.hold(alice.id, 900)
    database_clock.advance(24 * 3600)

    books.settle(ticket.id, 900)

    assert _told() == []
    assert Cap.objects.get().alerted_percent == 0


def test_a_raised_limit_tells_its_own_marks_and_a_lowered_one_only_those_to_come(
    alice: Person,
) -> None:
    _limit(alice.id, 1_000)
    _call(alice.id, 600, 600)
    _limit(alice.id, 2_000)
    assert alerts_of(alice.id) == ()
    _call(alice.id, 400, 400)
    assert _told() == ["50 % of a spending limit is spent"] * 2

    _limit(alice.id, 1_200)

    assert len(mail.outbox) == 2
    assert [view.alerted_percent for view in alerts_of(alice.id)] == [80]
    _call(alice.id, 200, 200)
    assert _told()[2:] == ["A spending limit is used up"]


def test_a_refusal_is_told_once_when_the_limit_is_nearly_spent(alice: Person) -> None:
    _limit(alice.id, 1_000)
    _call(alice.id, 900, 900)
    mail.outbox.clear()

    for _turn in range(3):
        with pytest.raises(CapReached) as refused:
            books.hold(alice.id, 101)
        caps.note_refusal(refused.value, person_id=alice.id)

    assert _told() == ["A spending limit is used up"]
    assert "calls that cost more than what is left are refused" in _words(mail.outbox[0].body)


def test_one_call_that_was_too_large_says_nothing_about_the_limit(alice: Person) -> None:
    _limit(alice.id, 1_000)

    with pytest.raises(CapReached) as refused:
        books.hold(alice.id, 1_001)
    caps.note_refusal(refused.value, person_id=alice.id)

    assert _told() == []


def test_the_mail_names_the_limit_its_key_and_when_it_starts_again(alice: Person) -> None:
    key, _secret = api_keys.create(person_id=alice.id, name="night job")
    _limit(alice.id, 1_000, MONTH, key.id)

    _call(alice.id, 700, 600, key_id=key.id)

    body = mail.outbox[0].body
    assert "For: the API key “night job”" in body
    assert "Limit: 0.001 credits a month" in body
    assert "Spent, or held by calls under way: 0.0006 credits" in body
    assert "Starts again: Dec. 1, 2026, 00:00 UTC" in body
    assert "/credits/limits" in body


def test_the_news_of_a_period_that_is_over_or_of_a_limit_that_is_gone_is_dropped(
    alice: Person, database_clock: Clock
) -> None:
    _limit(alice.id, 1_000)
    cap_id = caps.set_cap(person_id=alice.id, period=DAY, limit_microcredits=1_000)
    today = database_clock.now.date()

    letters.tell_cap_passed(
        person_id=alice.id, cap_id=cap_id, percent=50, starts_on=today - timedelta(days=1)
    )
    letters.tell_cap_passed(person_id=alice.id, cap_id=new_id(), percent=50, starts_on=today)
    assert _told() == []

    letters.tell_cap_passed(person_id=alice.id, cap_id=cap_id, percent=50, starts_on=today)
    assert len(_told()) == 1


def test_a_mark_that_was_rolled_back_is_not_told(alice: Person) -> None:
    _limit(alice.id, 1_000)
    ticket = books.hold(alice.id, 600)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        books.settle(ticket.id, 600)
        raise ZeroDivisionError

    assert _told() == []
    books.settle(ticket.id, 600)
    assert len(_told()) == 1


def test_credits_that_end_in_a_week_are_told_once(alice: Person, database_clock: Clock) -> None:
    ends = database_clock.now + timedelta(days=8)
    lot_id = books.grant(alice.id, 5_000, expires_at=ends)
    books.hold(alice.id, 2_000)

    jobs.tell_ending_lots()
    assert _told() == []

    database_clock.advance(timedelta(days=1, seconds=1).total_seconds())
    jobs.tell_ending_lots()
    jobs.tell_ending_lots()

    assert _told() == ["0.005 credits end on Dec. 1, 2026"]
    assert "until Dec. 1, 2026, noon UTC" in _words(mail.outbox[0].body)
    assert lots.tell_end(lot_id) is False


def test_nothing_is_told_of_credits_that_are_spent_or_have_ended(
    alice: Person, database_clock: Clock
) -> None:
    books.grant(alice.id, 1_000, priority=1, expires_at=database_clock.now + timedelta(days=3))
    _call(alice.id, 1_000, 1_000)
    books.grant(alice.id, 500, expires_at=database_clock.now + timedelta(seconds=10))
    database_clock.advance(10)

    jobs.tell_ending_lots()

    assert _told() == []


def test_the_page_can_list_what_ends_soon_in_order(alice: Person, database_clock: Clock) -> None:
    now = database_clock.now
    later = books.grant(alice.id, 300, expires_at=now + timedelta(days=6))
    sooner = books.grant(alice.id, 200, priority=1, expires_at=now + timedelta(days=2))
    books.grant(alice.id, 100, expires_at=now + timedelta(days=7, seconds=1))
    books.grant(new_id(), 100, expires_at=now + timedelta(days=1))
    _call(alice.id, 50, 50)
    books.hold(alice.id, 100)

    found = balances.expiring(alice.id, 7)

    assert [(lot.id, lot.left_microcredits) for lot in found] == [(sooner, 150), (later, 300)]
    assert found[0].expires_at == datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_a_person_reads_it_in_their_own_language(alice: Person) -> None:
    people.set_language(person_id=alice.id, language="fr")
    _limit(alice.id, 1_000)

    _call(alice.id, 600, 600)

    assert re.search("24 novembre 2026", str(mail.outbox[0].body))


def test_somebody_without_an_account_is_told_nothing(person_id: UUID, price_version: int) -> None:
    books.grant(person_id, 1_000)
    _limit(person_id, 100)

    _call(person_id, 100, 100)

    assert [view.alerted_percent for view in alerts_of(person_id)] == [100]
    assert _told() == []


def _words(text: object) -> str:
    return " ".join(str(text).split())
