"""A usage that nobody can believe: nothing is charged, nothing returns, somebody looks."""

from uuid import UUID

import pytest

from bluegpt.core.ids import new_id
from bluegpt.credits import jobs
from bluegpt.credits.errors import HoldResolved
from bluegpt.credits.models import Case, Hold, Transfer
from bluegpt.credits.queries import balances
from bluegpt.credits.rules.deadlines import DOUBT_TTL_S
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Consumption, HoldState, Meter, MeterLine, Settlement
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _settle(hold_id: UUID, count: int, source: str = "final") -> Settlement:
    return ledger.settle(
        hold_id=hold_id,
        consumption=Consumption(
            sku=books.SKU,
            context_tokens=0,
            lines=(MeterLine(meter=Meter.OUTPUT, quantity=count),),
        ),
        usage_source=source,
    )


@pytest.mark.parametrize(
    ("count", "source", "why"),
    [
        (-5, "final", "negative"),
        (1_000_000_000, "final", "absurd"),
        (40, "doubtful", "doubtful"),
        (40, "missing", "missing"),
    ],
)
def test_an_unbelievable_usage_leaves_the_hold_intact_and_opens_a_case(
    rich_person: UUID, count: int, source: str, why: str
) -> None:
    ticket = books.hold(rich_person, 100)
    ledger.dispatch(hold_id=ticket.id)

    answer = _settle(ticket.id, count, source)

    assert (answer.state, answer.charged_microcredits) == (HoldState.IN_DOUBT, 0)
    balance = balances.balance(rich_person)
    assert (balance.available_microcredits, balance.held_microcredits) == (900, 100)
    case = Case.objects.get()
    assert (case.kind, case.hold_id, case.person_id) == ("quarantine", ticket.id, rich_person)
    assert (case.facts["why"], case.facts["output"]) == (why, count)
    assert books.broken() == []


def test_a_second_usage_for_a_call_in_doubt_changes_nothing(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 100)
    first = _settle(ticket.id, -5)

    assert _settle(ticket.id, 40) == first
    assert Case.objects.count() == 1


def test_somebody_decides_and_the_call_ends_on_that(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 100)
    _settle(ticket.id, -5)

    ended = ledger.settle_doubt(
        hold_id=ticket.id, consumption=books.tokens(40), author="ada@staff.example"
    )

    assert (ended.state, ended.charged_microcredits) == (HoldState.SETTLED, 40)
    assert "ada@staff.example" in Hold.objects.get(id=ticket.id).reason
    assert balances.balance(rich_person).available_microcredits == 960
    assert books.broken() == []


def test_nobody_decides_over_a_call_under_way(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 100)

    with pytest.raises(HoldResolved):
        ledger.settle_doubt(hold_id=ticket.id, consumption=books.tokens(40), author="ada")


def test_after_a_week_our_own_count_is_charged(rich_person: UUID, database_clock: Clock) -> None:
    ticket = books.hold(rich_person, 100)
    _settle(ticket.id, 40, "doubtful")

    database_clock.advance(DOUBT_TTL_S - 1)
    jobs.end_overdue_doubts()
    before = balances.balance(rich_person).held_microcredits
    database_clock.advance(1)
    jobs.end_overdue_doubts()

    assert before == 100
    assert Hold.objects.get(id=ticket.id).charged_microcredits == 40
    assert books.broken() == []


def test_after_a_week_a_foreign_figure_is_not_charged_but_written_off(
    rich_person: UUID, database_clock: Clock
) -> None:
    ticket = books.hold(rich_person, 100)
    _settle(ticket.id, 1_000_000_000)

    database_clock.advance(DOUBT_TTL_S)
    jobs.end_overdue_doubts()

    row = Hold.objects.get(id=ticket.id)
    assert (row.state, row.charged_microcredits) == (HoldState.RELEASED, 0)
    assert row.written_off_microcredits == 100
    assert Transfer.objects.get(code="writeoff").amount == 100
    assert balances.balance(rich_person).available_microcredits == 1_000
    assert books.broken() == []


def test_a_call_whose_outcome_is_unknown_is_in_doubt_until_it_is_known(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 100)
    ledger.dispatch(hold_id=ticket.id)
    step_id = new_id()
    ledger.hold_more(hold_id=ticket.id, step_id=step_id, amount_microcredits=50)

    ledger.doubt(hold_id=ticket.id, reason="the job's record is gone")
    ended = ledger.release(hold_id=ticket.id, reason="no evidence", written_off_microcredits=20)

    assert ended.released_microcredits == 150
    assert balances.balance(rich_person).available_microcredits == 1_000
    assert books.broken() == []
