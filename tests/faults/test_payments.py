"""News of payments: late, twice, in any order, after a restore. The ledger ends where it must.

Which events a provider of payments sends, and how they are signed, is not the ledger's matter.
What reaches it is a grant of a source or a clawback with a key, and that is what is permuted here.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from django.db import transaction

from bluegpt.core.ids import new_id
from bluegpt.credits import jobs
from bluegpt.credits.errors import (
    DebtOutstanding,
    IdempotencyConflict,
    InsufficientCredits,
    NothingLeft,
    UnknownLot,
)
from bluegpt.credits.models import Grant, Transfer
from bluegpt.credits.queries import balances, dialect
from tests.credits import books
from tests.credits.together import together
from tests.faults import paying

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Event = Callable[[], object]


def _deliver(events: list[tuple[str, Event]]) -> None:
    """As a queue does: what is not known yet is put back and comes again after the others."""
    for _round in range(len(events)):
        later = []
        for name, event in events:
            try:
                event()
            except UnknownLot:
                later.append((name, event))
        events = later
    assert events == []


def _story(person_id: UUID, cart: str) -> dict[str, Event]:
    """A pack of 500, a partial return of 200, a contested 300."""
    return {
        "paid": lambda: paying.pay(person_id, 500, cart=cart),
        "returned": lambda: paying.take_back(200, cart=cart, event="returned"),
        "contested": lambda: paying.take_back(300, cart=cart, event="contested"),
    }


@pytest.mark.parametrize("spent", [250, 500])
def test_every_order_of_the_news_with_each_told_twice_ends_the_same(
    price_version: int, spent: int
) -> None:
    ends = {}
    names = ("paid", "returned", "contested")
    for order in sorted(set(permutations(names * 2))):
        person_id, cart = new_id(), paying.new_cart()
        story = _story(person_id, cart)
        first = order.index("paid")
        _deliver([(name, story[name]) for name in order[: first + 1] if name == "paid"])
        if spent:
            paying.spend(person_id, spent)
        _deliver([(name, story[name]) for name in (*order[:first], *order[first + 1 :])])
        ends[order] = paying.standing(person_id)

    assert len(ends) == 90
    assert set(ends.values()) == {paying.Standing(available=0, held=0, debt=spent, lots=())}
    assert books.broken() == []


def test_every_order_of_a_pack_a_period_and_their_troubles_ends_the_same(
    price_version: int,
) -> None:
    ends = set()
    for order in permutations(("paid", "returned", "contested", "period", "other pack")):
        person_id, cart = new_id(), paying.new_cart()
        other = paying.new_cart()
        story = _story(person_id, cart) | {
            "period": lambda person_id=person_id, other=other: paying.open_period(
                person_id, 120, subscription=other, period="2026-11-01"
            ),
            "other pack": lambda person_id=person_id, other=other: paying.pay(
                person_id, 150, cart=other
            ),
        }
        paying.pay(person_id, 500, cart=cart)
        paying.spend(person_id, 400)
        _deliver([(name, story[name]) for name in (*order, *order)])
        ends.add((balances.balance(person_id).available_microcredits, balances.debt(person_id)))

    assert ends == {(0, 130)}  # 500 + 120 + 150 came, 400 were spent, 500 went back
    assert books.broken() == []


def test_news_of_a_payment_that_is_not_known_yet_changes_nothing_and_can_come_again(
    person_id: UUID, price_version: int
) -> None:
    cart = paying.new_cart()
    with pytest.raises(UnknownLot):
        paying.take_back(100, cart=cart, event="returned")
    assert not Transfer.objects.exists()

    paying.pay(person_id, 500, cart=cart)
    taken = paying.take_back(100, cart=cart, event="returned")

    assert (taken.taken_microcredits, taken.debt_microcredits) == (100, 0)
    assert books.broken() == []


def test_a_refund_of_a_pack_partly_spent_takes_the_unspent_rest_once(
    person_id: UUID, price_version: int
) -> None:
    cart = paying.new_cart()
    paying.pay(person_id, 500, cart=cart)
    paying.spend(person_id, 180)

    first = paying.take_back(None, cart=cart, event="refund")
    again = paying.take_back(None, cart=cart, event="refund")

    assert first == again
    assert (first.taken_microcredits, first.debt_microcredits) == (320, 0)
    with pytest.raises(NothingLeft):
        paying.take_back(None, cart=cart, event="another refund")
    assert paying.standing(person_id) == paying.Standing(available=0, held=0, debt=0, lots=())
    assert books.broken() == []


def test_partial_refunds_add_up_to_the_pack_and_no_further(
    person_id: UUID, price_version: int
) -> None:
    cart = paying.new_cart()
    paying.pay(person_id, 500, cart=cart)

    for part in range(5):
        assert paying.take_back(100, cart=cart, event=f"part {part}").debt_microcredits == 0

    with pytest.raises(NothingLeft):
        paying.take_back(None, cart=cart, event="one more")
    with pytest.raises(IdempotencyConflict):
        paying.take_back(99, cart=cart, event="part 0")
    assert balances.balance(person_id).available_microcredits == 0
    assert books.broken() == []


def test_a_refund_leaves_what_a_call_holds_and_that_call_can_end(
    person_id: UUID, price_version: int
) -> None:
    cart = paying.new_cart()
    paying.pay(person_id, 500, cart=cart)
    ticket = books.hold(person_id, 120)

    taken = paying.take_back(None, cart=cart, event="refund")
    ended = books.settle(ticket.id, 120)

    assert (taken.taken_microcredits, ended.charged_microcredits) == (380, 120)
    assert balances.debt(person_id) == 0
    assert books.broken() == []


def test_after_a_chargeback_new_holds_wait_until_a_top_up_has_paid_the_debt(
    person_id: UUID, price_version: int
) -> None:
    cart, later = paying.new_cart(), paying.new_cart()
    paying.pay(person_id, 500, cart=cart)
    paying.spend(person_id, 350)

    taken = paying.take_back(500, cart=cart, event="contested")
    assert (taken.taken_microcredits, taken.debt_microcredits) == (150, 350)
    with pytest.raises(DebtOutstanding):
        books.hold(person_id, 1)

    paying.pay(person_id, 600, cart=later)

    assert paying.standing(person_id).debt == 0
    assert books.hold(person_id, 250).amount_microcredits == 250
    with pytest.raises(InsufficientCredits):
        books.hold(person_id, 1)
    assert books.broken() == []


def test_a_chargeback_during_a_call_lets_it_end_and_takes_what_it_returns(
    person_id: UUID, price_version: int
) -> None:
    cart = paying.new_cart()
    paying.pay(person_id, 500, cart=cart)
    ticket = books.hold(person_id, 500)

    taken = paying.take_back(500, cart=cart, event="contested")
    books.settle(ticket.id, 200)
    jobs.collect_debts()
    jobs.collect_debts()

    assert taken.debt_microcredits == 500
    assert paying.standing(person_id) == paying.Standing(available=0, held=0, debt=200, lots=())
    assert books.broken() == []


def test_a_restored_backup_to_which_everything_is_told_again_grants_nothing_twice(
    person_id: UUID, price_version: int
) -> None:
    first, second = paying.new_cart(), paying.new_cart()

    news: list[Event] = [
        lambda: paying.pay(person_id, 500, cart=first),
        lambda: paying.open_period(person_id, 70, subscription=first, period="2026-11-01"),
        lambda: paying.take_back(200, cart=first, event="returned"),
        lambda: paying.pay(person_id, 300, cart=second),
        lambda: paying.take_back(300, cart=second, event="contested"),
    ]
    for saved in range(len(news) + 1):
        with transaction.atomic():
            for event in news[:saved]:
                event()
            backup = transaction.savepoint()
            for event in news[saved:]:
                event()
            before = paying.standing(person_id)
            transaction.savepoint_rollback(backup)
            for event in news:
                event()
            assert paying.standing(person_id) == before, saved
            assert books.broken() == []
            assert Grant.objects.count() == 3
            transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_tellings_of_a_period_in_one_second_open_it_once(
    person_id: UUID, price_version: int
) -> None:
    outcomes = together(
        [lambda: paying.open_period(person_id, 100, subscription="sub_1", period="2026-11-01")] * 8
    )

    assert outcomes == [outcomes[0]] * 8
    assert balances.balance(person_id).available_microcredits == 100
    assert books.broken() == []


def test_a_change_of_plan_is_a_period_of_its_own_and_never_the_same_one_again(
    person_id: UUID, price_version: int
) -> None:
    paying.open_period(person_id, 100, subscription="sub_1", period="2026-11-01")

    with pytest.raises(IdempotencyConflict):  # the larger plan, told as if it were that period
        paying.open_period(person_id, 300, subscription="sub_1", period="2026-11-01")
    paying.open_period(person_id, 150, subscription="sub_1", period="2026-11-15")
    paying.open_period(person_id, 150, subscription="sub_1", period="2026-11-15")

    assert balances.balance(person_id).available_microcredits == 250
    assert books.broken() == []


@pytest.mark.django_db(transaction=True)
def test_two_captures_of_one_cart_at_once_make_one_pack(
    person_id: UUID, price_version: int
) -> None:
    cart = paying.new_cart()

    outcomes = together([lambda: paying.pay(person_id, 500, cart=cart)] * 8)

    assert outcomes == [outcomes[0]] * 8
    assert Grant.objects.count() == 1
    assert books.broken() == []


@pytest.mark.django_db(transaction=True)
def test_a_payment_and_its_return_told_at_once_never_leave_credits_behind(
    price_version: int,
) -> None:
    for _round in range(6):
        person_id, cart = new_id(), paying.new_cart()
        story = _story(person_id, cart)
        together([story["paid"], story["returned"], story["contested"], story["paid"]])

        _deliver(list(story.items()))

        assert paying.standing(person_id) == paying.Standing(available=0, held=0, debt=0, lots=())
    assert books.broken() == []


def test_a_cart_that_was_not_paid_brings_nothing(person_id: UUID, price_version: int) -> None:
    """A payment that was given up at the bank's door is told to the ledger by nobody."""
    with pytest.raises(InsufficientCredits) as refusal:
        books.hold(person_id, 1)

    assert refusal.value.available_microcredits == 0
    assert not Grant.objects.exists()


def test_news_after_the_end_of_a_lot_are_still_the_same_news(
    person_id: UUID, price_version: int
) -> None:
    cart = paying.new_cart()
    lot_id = paying.pay(person_id, 500, cart=cart)
    past = dialect.now() - timedelta(days=1)
    Grant.objects.filter(id=lot_id).update(expires_at=past, effective_at=past - timedelta(days=1))
    jobs.expire_lots()

    assert paying.pay(person_id, 500, cart=cart) == lot_id
    taken = paying.take_back(500, cart=cart, event="contested")

    assert (taken.taken_microcredits, taken.debt_microcredits) == (0, 500)
    assert balances.debt(person_id) == 500
