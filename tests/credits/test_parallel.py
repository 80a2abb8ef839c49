"""Many at once: the database decides, and decides once."""

from uuid import UUID

import pytest

from bluegpt.core.ids import new_id
from bluegpt.credits.errors import InsufficientCredits
from bluegpt.credits.models import Hold, Transfer
from bluegpt.credits.queries import balances
from bluegpt.credits.services import ledger, settling
from bluegpt.credits.types import Category, HoldState, Settlement
from tests.credits import books
from tests.credits.together import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def test_of_fifty_spenders_on_a_balance_for_fourteen_fourteen_pass(
    person_id: UUID, price_version: int
) -> None:
    for _lot in range(7):
        books.grant(person_id, 20)
    books.grant(person_id, 9)

    outcomes = together([lambda: books.hold(person_id, 10)] * 50)

    refused = [outcome for outcome in outcomes if isinstance(outcome, InsufficientCredits)]
    assert (len(refused), Hold.objects.filter(state=HoldState.HELD).count()) == (36, 14)
    assert balances.balance(person_id).available_microcredits == 9
    assert books.broken() == []


def test_ten_requests_with_one_key_make_one_hold(rich_person: UUID) -> None:
    key = new_id()

    outcomes = together([lambda: books.hold(rich_person, 100, hold_id=key)] * 10)

    assert outcomes == [outcomes[0]] * 10
    assert balances.balance(rich_person).held_microcredits == 100


def test_settle_release_and_reaper_at_once_end_a_hold_once(rich_person: UUID) -> None:
    for _round in range(8):
        ticket = books.hold(rich_person, 50, ttl_s=0)
        outcomes = together(
            [
                lambda ticket=ticket: books.settle(ticket.id, 5),  # type: ignore[misc]
                lambda ticket=ticket: books.settle(ticket.id, 6),  # type: ignore[misc]
                lambda ticket=ticket: ledger.release(hold_id=ticket.id, reason="stop"),  # type: ignore[misc]
                lambda ticket=ticket: settling.release_overdue(hold_id=ticket.id),  # type: ignore[misc]
            ]
        )

        settlements = {outcome for outcome in outcomes if isinstance(outcome, Settlement)}
        assert len(settlements) == 1
        assert Transfer.objects.filter(hold_id=ticket.id).exclude(kind="pending").count() == 1
    assert books.broken() == []


def test_ten_deliveries_of_one_grant_make_one_lot(person_id: UUID, price_version: int) -> None:
    def deliver() -> UUID:
        return ledger.grant(
            person_id=person_id,
            category=Category.PAID,
            amount_microcredits=7,
            source_kind="invoice_line",
            source_id="1",
            reason="a pack",
        )

    outcomes = together([deliver] * 10)

    assert outcomes == [outcomes[0]] * 10
    assert balances.balance(person_id).available_microcredits == 7


def test_ten_publishers_of_one_book_make_one_version(price_version: int) -> None:
    outcomes = together([lambda: books.publish(microcredits_per_token=9)] * 10)

    assert outcomes == [price_version + 1] * 10
