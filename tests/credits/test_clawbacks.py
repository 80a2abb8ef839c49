"""Credits whose payment was returned or contested: what is left goes, what was spent is owed."""

from uuid import UUID

import pytest

from bluegpt.core.ids import new_id
from bluegpt.credits import jobs
from bluegpt.credits.errors import (
    DebtOutstanding,
    IdempotencyConflict,
    InsufficientCredits,
    NothingLeft,
    UnknownLot,
)
from bluegpt.credits.models import Transfer
from bluegpt.credits.queries import balances
from bluegpt.credits.services import clawbacks, ledger
from bluegpt.credits.types import Category
from tests.credits import books

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _pack(person_id: UUID, amount: int, *, cart: str = "cart-1") -> None:
    ledger.grant(
        person_id=person_id,
        category=Category.PAID,
        amount_microcredits=amount,
        source_kind="pack",
        source_id=cart,
        reason="a pack",
    )


def _claw_back(
    amount: int | None, *, clawback_id: UUID | None = None, cart: str = "cart-1"
) -> clawbacks.TakenBack:
    return clawbacks.claw_back(
        clawback_id=clawback_id or new_id(),
        source_kind="pack",
        source_id=cart,
        amount_microcredits=amount,
        author="bank",
        reason="contested",
    )


def _spend(person_id: UUID, amount: int) -> None:
    books.settle(books.hold(person_id, amount).id, amount)


def test_a_refund_takes_what_is_unspent_and_makes_no_debt(
    person_id: UUID, price_version: int
) -> None:
    _pack(person_id, 500)
    _spend(person_id, 200)

    taken = _claw_back(None)

    assert (taken.taken_microcredits, taken.debt_microcredits) == (300, 0)
    assert balances.balance(person_id).available_microcredits == 0
    assert balances.debt(person_id) == 0
    assert books.broken() == []


def test_the_same_clawback_twice_takes_once(person_id: UUID, price_version: int) -> None:
    _pack(person_id, 500)
    clawback_id = new_id()

    first = _claw_back(400, clawback_id=clawback_id)
    second = _claw_back(400, clawback_id=clawback_id)

    assert first == second
    assert balances.balance(person_id).available_microcredits == 100
    with pytest.raises(IdempotencyConflict):
        _claw_back(401, clawback_id=clawback_id)


def test_a_refund_of_a_spent_pack_finds_nothing(person_id: UUID, price_version: int) -> None:
    _pack(person_id, 500)
    _spend(person_id, 500)

    with pytest.raises(NothingLeft):
        _claw_back(None)
    with pytest.raises(UnknownLot):
        _claw_back(None, cart="another")


def test_what_was_spent_of_a_contested_payment_is_owed_and_blocks_new_calls(
    person_id: UUID, price_version: int
) -> None:
    _pack(person_id, 500)
    _spend(person_id, 200)

    taken = _claw_back(500)

    assert (taken.taken_microcredits, taken.debt_microcredits) == (300, 200)
    assert balances.debt(person_id) == 200
    with pytest.raises(DebtOutstanding) as refusal:
        books.hold(person_id, 1)
    assert refusal.value.debt_microcredits == 200
    assert books.broken() == []


def test_new_credits_pay_a_debt_first(person_id: UUID, price_version: int) -> None:
    _pack(person_id, 500)
    _spend(person_id, 500)
    _claw_back(500)

    _pack(person_id, 300, cart="cart-2")
    still_owed = balances.debt(person_id)
    _pack(person_id, 300, cart="cart-3")

    assert still_owed == 200
    assert balances.debt(person_id) == 0
    assert balances.balance(person_id).available_microcredits == 100
    assert books.hold(person_id, 100).amount_microcredits == 100
    assert books.broken() == []


def test_a_refused_debtor_keeps_the_key_and_can_ask_again(
    person_id: UUID, price_version: int
) -> None:
    _pack(person_id, 500)
    _spend(person_id, 500)
    _claw_back(500)
    key = new_id()
    with pytest.raises(DebtOutstanding):
        books.hold(person_id, 100, hold_id=key)

    _pack(person_id, 800, cart="cart-2")

    assert books.hold(person_id, 100, hold_id=key).amount_microcredits == 100


def test_other_credits_of_the_person_pay_a_debt_at_once(
    person_id: UUID, price_version: int
) -> None:
    _pack(person_id, 500)
    _spend(person_id, 500)
    books.grant(person_id, 300)

    _claw_back(500)

    assert balances.debt(person_id) == 200
    assert balances.balance(person_id).available_microcredits == 0
    assert books.broken() == []


def test_what_a_call_returns_later_pays_the_debt(person_id: UUID, price_version: int) -> None:
    _pack(person_id, 500)
    ticket = books.hold(person_id, 400)
    _claw_back(500)
    books.settle(ticket.id, 50)

    jobs.collect_debts()

    assert balances.debt(person_id) == 50
    assert balances.balance(person_id).available_microcredits == 0
    assert books.broken() == []


def test_a_debt_is_balanced_lines_in_the_journal(person_id: UUID, price_version: int) -> None:
    _pack(person_id, 500)
    _spend(person_id, 200)
    _claw_back(500)
    _pack(person_id, 250, cart="cart-2")

    told = Transfer.objects.filter(code__in=["clawback", "debt", "repayment"])

    assert list(told.order_by("sequence").values_list("code", "amount")) == [
        ("clawback", 300),
        ("debt", 200),
        ("repayment", 200),
    ]


def test_without_a_debt_too_little_is_too_little(person_id: UUID, price_version: int) -> None:
    _pack(person_id, 500)

    with pytest.raises(InsufficientCredits):
        books.hold(person_id, 501)
