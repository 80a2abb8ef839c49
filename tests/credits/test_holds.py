"""Hold, settle, release: what a paid answer does to the books."""

from uuid import UUID

import pytest

from bluegpt.core.ids import new_id
from bluegpt.credits.errors import (
    HoldResolved,
    IdempotencyConflict,
    InsufficientCredits,
    UnknownHold,
)
from bluegpt.credits.models import Case, Draw, Hold, Transfer
from bluegpt.credits.queries import balances, prices
from bluegpt.credits.queries.holds import overdue_holds, settlement
from bluegpt.credits.rules.chart import Platform
from bluegpt.credits.services import ledger, settling
from bluegpt.credits.types import Category, HoldState, Meter, Quote
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _available(person_id: UUID) -> int:
    return balances.balance(person_id).available_microcredits


def test_a_settled_call_costs_what_it_used_and_returns_the_rest(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 300)
    assert balances.balance(rich_person).held_microcredits == 300
    ledger.dispatch(hold_id=ticket.id)

    ended = books.settle(ticket.id, 120)

    assert (ended.state, ended.charged_microcredits) == (HoldState.SETTLED, 120)
    assert (ended.released_microcredits, ended.absorbed_microcredits) == (180, 0)
    assert _available(rich_person) == 880
    assert balances.balance(rich_person).held_microcredits == 0
    assert books.broken() == []


def test_a_released_call_costs_nothing(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 300)

    ended = ledger.release(hold_id=ticket.id, reason="provider_down")

    assert (ended.charged_microcredits, ended.released_microcredits) == (0, 300)
    assert _available(rich_person) == 1_000
    assert Transfer.objects.get(kind="void").reason == "provider_down"
    assert books.broken() == []


def test_use_beyond_the_hold_is_the_platforms_loss_and_visible(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 300)

    ended = books.settle(ticket.id, 450)

    assert (ended.charged_microcredits, ended.absorbed_microcredits) == (300, 150)
    assert _available(rich_person) == 700
    overrun = Transfer.objects.get(code="overrun")
    assert (overrun.debit_account_id, overrun.credit_account_id, overrun.amount) == (
        Platform.OVERRUN_ABSORBED,
        Platform.CONSUMED_CHAT,
        150,
    )
    assert books.broken() == []


def test_one_call_can_use_several_lots_and_returns_them_in_reverse(
    person_id: UUID, price_version: int
) -> None:
    paid = books.grant(person_id, 100, category=Category.PAID)
    promo = books.grant(person_id, 100, category=Category.PROMO)
    plan = books.grant(person_id, 100, category=Category.PLAN)
    ticket = books.hold(person_id, 250)

    books.settle(ticket.id, 150)

    used = {lot.id: lot.used_microcredits for lot in balances.lots(person_id)}
    assert used == {promo: 50, paid: 0}
    drawn = Draw.objects.filter(hold_id=ticket.id).order_by("position")
    assert list(drawn.values_list("lot_id", "held_microcredits", "settled_microcredits")) == [
        (plan, 100, 100),
        (promo, 100, 50),
        (paid, 50, 0),
    ]
    kinds = Transfer.objects.filter(hold_id=ticket.id).order_by("sequence")
    assert list(kinds.values_list("kind", flat=True)) == ["pending"] * 3 + ["post", "post", "void"]
    assert books.broken() == []


def test_a_hold_that_the_balance_cannot_cover_is_refused_with_both_figures(
    rich_person: UUID,
) -> None:
    with pytest.raises(InsufficientCredits) as refusal:
        books.hold(rich_person, 1_001)

    assert refusal.value.needed_microcredits == 1_001
    assert refusal.value.available_microcredits == 1_000
    assert not Draw.objects.exists()
    assert books.broken() == []


def test_a_refused_key_stays_refused_after_a_top_up(rich_person: UUID) -> None:
    key = new_id()
    with pytest.raises(InsufficientCredits):
        books.hold(rich_person, 1_001, hold_id=key)
    books.grant(rich_person, 10_000)

    with pytest.raises(InsufficientCredits) as again:
        books.hold(rich_person, 1_001, hold_id=key)

    assert again.value.available_microcredits == 1_000
    with pytest.raises(UnknownHold):
        books.settle(key, 1)
    assert books.broken() == []


def test_a_stranger_has_nothing_to_spend(person_id: UUID, price_version: int) -> None:
    with pytest.raises(InsufficientCredits) as refusal:
        books.hold(person_id, 1)

    assert refusal.value.available_microcredits == 0


def test_the_same_key_and_body_give_the_same_hold(rich_person: UUID) -> None:
    key = new_id()
    first = books.hold(rich_person, 900, hold_id=key)

    second = books.hold(rich_person, 900, hold_id=key)

    assert second == first
    assert balances.balance(rich_person).held_microcredits == 900


def test_the_same_key_after_the_end_gives_the_ended_hold(rich_person: UUID) -> None:
    key = new_id()
    books.hold(rich_person, 900, hold_id=key)
    books.settle(key, 900)

    again = books.hold(rich_person, 900, hold_id=key)

    assert again.state is HoldState.SETTLED
    assert _available(rich_person) == 100


def test_the_same_key_with_another_body_is_a_conflict_and_writes_nothing(rich_person: UUID) -> None:
    key = new_id()
    books.hold(rich_person, 100, hold_id=key)
    lines = Transfer.objects.count()

    for other_body in (101, 5_000):
        with pytest.raises(IdempotencyConflict):
            books.hold(rich_person, other_body, hold_id=key)

    assert Transfer.objects.count() == lines
    assert balances.balance(rich_person).held_microcredits == 100


def test_the_same_key_of_another_person_is_a_conflict(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 100)

    with pytest.raises(IdempotencyConflict):
        books.hold(new_id(), 100, hold_id=ticket.id)


def test_settling_twice_gives_the_first_result(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 300)
    first = books.settle(ticket.id, 120)

    second = books.settle(ticket.id, 299)

    assert second == first == settlement(ticket.id)
    assert _available(rich_person) == 880


@pytest.mark.parametrize("first", ["settle", "release"])
def test_of_settle_and_release_the_first_wins(rich_person: UUID, first: str) -> None:
    ticket = books.hold(rich_person, 300)
    ends = {
        "settle": lambda: books.settle(ticket.id, 120),
        "release": lambda: ledger.release(hold_id=ticket.id, reason="stop"),
    }
    won = ends.pop(first)()

    lost = next(iter(ends.values()))()

    assert lost == won
    assert books.broken() == []


def test_a_price_published_during_a_call_does_not_touch_it(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 300)
    later = books.publish(microcredits_per_token=7)

    ended = books.settle(ticket.id, 100)

    assert (ticket.price_version, later) == (1, 2)
    assert ended.charged_microcredits == 100


def test_a_free_call_leaves_a_hold_without_draws(person_id: UUID) -> None:
    version = books.publish(microcredits_per_token=0)
    ticket = books.hold(person_id, 5_000)

    ended = books.settle(ticket.id, 5_000)

    assert (ticket.amount_microcredits, ticket.price_version) == (0, version)
    assert (ended.charged_microcredits, ended.absorbed_microcredits) == (0, 0)
    assert Hold.objects.get(id=ticket.id).consumption == {"output": 5_000}
    assert not Draw.objects.exists()
    assert not Transfer.objects.exists()
    assert books.broken() == []


def test_a_meter_without_a_rate_leaves_all_held_and_asks_somebody_to_look(
    rich_person: UUID,
) -> None:
    ticket = books.hold(rich_person, 300)

    answer = ledger.settle(
        hold_id=ticket.id,
        consumption=books.tokens(1, meter=Meter.CACHE_WRITE),
        usage_source="final",
    )

    assert answer.state is HoldState.IN_DOUBT
    assert settlement(ticket.id) is None
    assert balances.balance(rich_person).held_microcredits == 300
    assert Case.objects.get().facts["why"] == "no_price"


def test_a_call_is_settled_for_the_sku_that_it_held_for(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 300)

    with pytest.raises(ValueError, match="held for"):
        ledger.settle(
            hold_id=ticket.id, consumption=books.tokens(1, sku="dearer"), usage_source="final"
        )


def test_dispatching_twice_is_dispatching_once(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 300)
    first = ledger.dispatch(hold_id=ticket.id)

    assert ledger.dispatch(hold_id=ticket.id) == first
    assert first.state is HoldState.DISPATCHED


def test_an_ended_hold_is_neither_dispatched_nor_extended(rich_person: UUID) -> None:
    ticket = books.hold(rich_person, 300)
    ledger.release(hold_id=ticket.id, reason="stop")

    with pytest.raises(HoldResolved):
        ledger.dispatch(hold_id=ticket.id)
    with pytest.raises(HoldResolved):
        ledger.extend(hold_id=ticket.id, ttl_s=60)


def test_an_unknown_hold_is_missing_to_everybody(price_version: int) -> None:
    for step in (
        lambda: ledger.dispatch(hold_id=new_id()),
        lambda: ledger.extend(hold_id=new_id(), ttl_s=60),
        lambda: books.settle(new_id(), 1),
        lambda: ledger.release(hold_id=new_id(), reason="stop"),
    ):
        with pytest.raises(UnknownHold):
            step()


def test_extending_moves_the_deadline_forward_only(
    rich_person: UUID, database_clock: Clock
) -> None:
    ticket = books.hold(rich_person, 300, ttl_s=60)
    database_clock.advance(50)

    longer = ledger.extend(hold_id=ticket.id, ttl_s=60)
    shorter = ledger.extend(hold_id=ticket.id, ttl_s=1)

    assert (longer.expires_at - ticket.expires_at).total_seconds() == 50
    assert shorter.expires_at == longer.expires_at


def test_an_overdue_hold_is_listed_from_its_deadline_on(
    rich_person: UUID, database_clock: Clock
) -> None:
    ticket = books.hold(rich_person, 300, ttl_s=60)
    ledger.dispatch(hold_id=ticket.id)
    database_clock.advance(59.999999)
    assert overdue_holds(10) == ()

    database_clock.advance(0.000001)

    assert [overdue.id for overdue in overdue_holds(10)] == [ticket.id]


def test_the_reaper_leaves_alone_what_was_dispatched_or_extended(
    rich_person: UUID, database_clock: Clock
) -> None:
    sent, kept, lost = (books.hold(rich_person, 100, ttl_s=60) for _ in range(3))
    database_clock.advance(61)
    ledger.dispatch(hold_id=sent.id)
    ledger.extend(hold_id=kept.id, ttl_s=60)

    outcomes = [settling.release_overdue(hold_id=t.id) for t in (sent, kept, lost)]

    assert outcomes[:2] == [None, None]
    assert outcomes[2] is not None
    assert outcomes[2].state is HoldState.RELEASED


def test_a_hold_is_released_at_its_deadline_and_not_before(
    rich_person: UUID, database_clock: Clock
) -> None:
    ticket = books.hold(rich_person, 100, ttl_s=60)
    database_clock.advance(59.999999)
    assert settling.release_overdue(hold_id=ticket.id) is None

    database_clock.advance(0.000001)

    assert settling.release_overdue(hold_id=ticket.id) is not None


def test_an_unknown_product_is_our_own_mistake(rich_person: UUID) -> None:
    with pytest.raises(ValueError, match="no account"):
        ledger.hold(
            hold_id=new_id(),
            person_id=rich_person,
            quote=prices.quote(books.tokens(1)),
            product="sculpture",
        )


def test_a_negative_hold_is_our_own_mistake(rich_person: UUID) -> None:
    quote = Quote(price_version=1, amount_microcredits=-1, consumption=books.tokens(1))

    with pytest.raises(ValueError, match="never negative"):
        ledger.hold(hold_id=new_id(), person_id=rich_person, quote=quote)
