"""A long call holds more as it goes on, and is still one call with one price."""

from uuid import UUID

import pytest

from bluegpt.core.ids import new_id
from bluegpt.credits.errors import (
    HoldResolved,
    IdempotencyConflict,
    InsufficientCredits,
    UnknownHold,
)
from bluegpt.credits.models import Hold
from bluegpt.credits.queries import balances
from bluegpt.credits.queries.holds import overdue_holds, settlement
from bluegpt.credits.services import ledger, settling
from bluegpt.credits.types import HoldState, Settlement
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _more(hold_id: UUID, amount: int, *, step_id: UUID | None = None) -> UUID:
    step = ledger.hold_more(
        hold_id=hold_id, step_id=step_id or new_id(), amount_microcredits=amount
    )
    return step.id


def _settle_up_to(hold_id: UUID, used: int, ceiling: int) -> Settlement:
    return ledger.settle(
        hold_id=hold_id,
        consumption=books.tokens(used),
        usage_source="final",
        ceiling_microcredits=ceiling,
    )


def test_a_call_with_steps_is_charged_once_over_all_of_them(rich_person: UUID) -> None:
    first = books.hold(rich_person, 100)
    steps = [_more(first.id, 100), _more(first.id, 100)]

    ended = books.settle(first.id, 250)

    assert (ended.charged_microcredits, ended.released_microcredits) == (250, 50)
    charged = dict(Hold.objects.values_list("id", "charged_microcredits"))
    assert charged == {first.id: 100, steps[0]: 100, steps[1]: 50}
    assert settlement(first.id) == ended
    assert balances.balance(rich_person).available_microcredits == 750
    assert books.broken() == []


def test_a_released_call_gives_its_steps_back_too(rich_person: UUID) -> None:
    first = books.hold(rich_person, 100)
    _more(first.id, 100)

    ledger.release(hold_id=first.id, reason="stop")

    assert balances.balance(rich_person).available_microcredits == 1_000
    assert balances.balance(rich_person).held_microcredits == 0
    assert books.broken() == []


def test_the_same_step_twice_is_one_even_when_the_wallet_is_empty(rich_person: UUID) -> None:
    first, step_id = books.hold(rich_person, 100), new_id()

    once = _more(first.id, 900, step_id=step_id)
    again = _more(first.id, 900, step_id=step_id)

    assert once == again
    assert balances.balance(rich_person).held_microcredits == 1_000
    with pytest.raises(IdempotencyConflict):
        _more(first.id, 899, step_id=step_id)


def test_a_step_without_funds_changes_nothing_and_may_ask_for_less(rich_person: UUID) -> None:
    first, step_id = books.hold(rich_person, 100), new_id()

    with pytest.raises(InsufficientCredits) as refusal:
        _more(first.id, 901, step_id=step_id)
    _more(first.id, refusal.value.available_microcredits, step_id=step_id)

    assert balances.balance(rich_person).held_microcredits == 1_000
    assert books.broken() == []


def test_an_ended_call_and_no_call_take_no_step(rich_person: UUID) -> None:
    first = books.hold(rich_person, 100)
    books.settle(first.id, 10)

    with pytest.raises(HoldResolved):
        _more(first.id, 1)
    with pytest.raises(UnknownHold):
        _more(new_id(), 1)


def test_the_reaper_sees_the_call_and_not_its_steps(
    rich_person: UUID, database_clock: Clock
) -> None:
    first = books.hold(rich_person, 100, ttl_s=600)
    _more(first.id, 100)
    database_clock.advance(300)

    assert overdue_holds(10, state=HoldState.HELD) == ()
    assert settling.release_overdue(hold_id=first.id) is None


def test_a_use_beyond_the_hold_takes_more_up_to_the_ceiling(rich_person: UUID) -> None:
    first = books.hold(rich_person, 100)

    ended = _settle_up_to(first.id, 300, 400)

    assert (ended.charged_microcredits, ended.absorbed_microcredits) == (300, 0)
    assert balances.balance(rich_person).available_microcredits == 700
    assert books.broken() == []


def test_a_use_beyond_the_ceiling_is_the_platforms_loss(rich_person: UUID) -> None:
    first = books.hold(rich_person, 100)

    ended = _settle_up_to(first.id, 300, 250)

    assert (ended.charged_microcredits, ended.absorbed_microcredits) == (250, 50)
    assert books.broken() == []


def test_a_use_beyond_the_wallet_takes_what_is_there(rich_person: UUID) -> None:
    first = books.hold(rich_person, 100)
    books.hold(rich_person, 850)

    ended = _settle_up_to(first.id, 300, 400)

    assert (ended.charged_microcredits, ended.absorbed_microcredits) == (150, 150)
    assert balances.balance(rich_person).available_microcredits == 0
    assert books.broken() == []
