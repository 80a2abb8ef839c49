"""What was charged too much comes back, visibly, once, and never more than it was."""

from uuid import UUID

import pytest

from bluegpt.core.ids import new_id
from bluegpt.credits.errors import CorrectionTooLarge, IdempotencyConflict, UnknownHold
from bluegpt.credits.models import Grant, Hold, Transfer
from bluegpt.credits.queries import balances
from bluegpt.credits.rules.chart import Platform
from bluegpt.credits.services import corrections, ledger
from bluegpt.credits.types import Category
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _give_back(hold_id: UUID, amount: int, *, correction_id: UUID | None = None) -> UUID:
    return corrections.give_back(
        correction_id=correction_id or new_id(),
        hold_id=hold_id,
        amount_microcredits=amount,
        author="ada@staff.example",
        reason="Counted twice",
        reference="case:1",
    )


def _settled(person_id: UUID, held: int, used: int) -> UUID:
    ticket = books.hold(person_id, held)
    books.settle(ticket.id, used)
    return ticket.id


def test_a_correction_is_a_new_lot_that_names_author_reason_and_corrected_line(
    rich_person: UUID,
) -> None:
    hold_id = _settled(rich_person, 300, 200)

    lot_id = _give_back(hold_id, 50)

    line = Transfer.objects.get(group_id=lot_id)
    assert (line.kind, line.code, line.amount) == ("correct", "correction", 50)
    assert line.debit_account_id == Platform.CONSUMED_CHAT
    assert line.corrects is not None
    assert (line.corrects.kind, line.corrects.hold_id) == ("post", hold_id)
    assert (line.author, line.reason) == ("ada@staff.example", "Counted twice")
    lot = Grant.objects.get(id=lot_id)
    assert (lot.category, lot.expires_at) == (Category.ADJUSTMENT, None)
    assert balances.balance(rich_person).available_microcredits == 850
    assert books.broken() == []


def test_the_same_correction_twice_gives_once(rich_person: UUID) -> None:
    hold_id, correction_id = _settled(rich_person, 300, 200), new_id()

    first = _give_back(hold_id, 50, correction_id=correction_id)
    second = _give_back(hold_id, 50, correction_id=correction_id)

    assert first == second
    assert balances.balance(rich_person).available_microcredits == 850
    with pytest.raises(IdempotencyConflict):
        _give_back(hold_id, 51, correction_id=correction_id)


def test_a_correction_that_took_all_can_come_again_without_effect(rich_person: UUID) -> None:
    hold_id, correction_id = _settled(rich_person, 300, 200), new_id()

    lots = {_give_back(hold_id, 200, correction_id=correction_id) for _again in range(2)}

    assert len(lots) == 1
    assert balances.balance(rich_person).available_microcredits == 1_000


def test_corrections_of_a_call_never_exceed_what_it_cost(rich_person: UUID) -> None:
    hold_id = _settled(rich_person, 300, 200)
    _give_back(hold_id, 150)

    with pytest.raises(CorrectionTooLarge) as refusal:
        _give_back(hold_id, 51)

    assert refusal.value.left_microcredits == 50
    assert Hold.objects.get(id=hold_id).corrected_microcredits == 150
    assert balances.balance(rich_person).available_microcredits == 950
    assert books.broken() == []


def test_a_correction_unwinds_lots_and_steps_from_the_last_one_backwards(
    person_id: UUID, price_version: int
) -> None:
    books.grant(person_id, 100, category=Category.PLAN)
    books.grant(person_id, 900, category=Category.PAID)
    first = books.hold(person_id, 150)
    step = ledger.hold_more(hold_id=first.id, step_id=new_id(), amount_microcredits=100)
    books.settle(first.id, 230)

    one = _give_back(first.id, 90)
    other = _give_back(first.id, 60)

    corrected = [
        (line.hold_id, line.amount)
        for line in Transfer.objects.filter(group_id__in=[one, other]).order_by("sequence")
    ]
    assert corrected == [(step.id, 80), (first.id, 10), (first.id, 40), (first.id, 20)]
    assert books.broken() == []


def test_credits_come_back_although_their_lot_has_ended(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    end = database_clock.now.replace(hour=13)
    books.grant(person_id, 500, expires_at=end)
    hold_id = _settled(person_id, 300, 300)
    database_clock.advance(7_200)

    _give_back(hold_id, 300)

    assert balances.balance(person_id).available_microcredits == 300
    assert books.broken() == []


def test_a_call_that_was_released_or_never_was_has_nothing_to_correct(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 300)
    ledger.release(hold_id=ticket.id, reason="stop")

    with pytest.raises(CorrectionTooLarge):
        _give_back(ticket.id, 1)
    with pytest.raises(UnknownHold):
        _give_back(new_id(), 1)
