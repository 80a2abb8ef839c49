"""The burn order and the spreading of a charge, as properties."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bluegpt.credits.rules.burning import (
    OpenLot,
    burn_order,
    draw,
    is_usable,
    spread,
    usable_microcredits,
)
from bluegpt.credits.types import Category

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _instants() -> st.SearchStrategy[datetime]:
    return st.integers(-3, 3).map(lambda hours: NOON + timedelta(hours=hours))


def _lots() -> st.SearchStrategy[list[OpenLot]]:
    lot = st.builds(
        OpenLot,
        id=st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number)),
        category=st.sampled_from(Category),
        priority=st.integers(0, 3),
        effective_at=_instants(),
        expires_at=st.none() | _instants(),
        available_microcredits=st.integers(0, 100),
    )
    return st.lists(lot, max_size=8, unique_by=lambda lot: lot.id)


@given(lots=_lots(), amount=st.integers(0, 500))
def test_shares_add_up_to_the_amount_or_there_are_none(lots: list[OpenLot], amount: int) -> None:
    usable = usable_microcredits(lots, NOON)

    shares = draw(lots, amount_microcredits=amount, now=NOON)

    if amount > usable:
        assert shares is None
    else:
        assert shares is not None
        assert sum(share.amount_microcredits for share in shares) == amount
        assert all(share.amount_microcredits > 0 for share in shares)


@given(lots=_lots(), amount=st.integers(1, 500))
def test_a_lot_is_used_up_before_the_next_one_is_touched(lots: list[OpenLot], amount: int) -> None:
    by_id = {lot.id: lot for lot in lots}

    shares = draw(lots, amount_microcredits=amount, now=NOON) or ()

    for share in shares[:-1]:
        assert share.amount_microcredits == by_id[share.lot_id].available_microcredits
    drawn = [by_id[share.lot_id] for share in shares]
    assert drawn == burn_order(drawn)
    assert all(is_usable(lot, NOON) for lot in drawn)


@given(lots=_lots(), seed=st.randoms())
def test_the_order_does_not_depend_on_how_lots_arrive(lots: list[OpenLot], seed: Random) -> None:
    shuffled = list(lots)
    seed.shuffle(shuffled)

    assert burn_order(shuffled) == burn_order(lots)


@given(lots=_lots())
def test_what_is_lost_first_goes_first_and_paid_credits_last(lots: list[OpenLot]) -> None:
    ordered = burn_order(lots)

    for before, after in pairwise(ordered):
        assert before.priority <= after.priority
        if before.priority == after.priority:
            never = datetime.max.replace(tzinfo=UTC)
            assert (before.expires_at or never) <= (after.expires_at or never)
            if before.expires_at == after.expires_at:
                ranks = list(Category)
                assert ranks.index(before.category) <= ranks.index(after.category)


@given(held=st.lists(st.integers(1, 100), max_size=6), data=st.data())
def test_a_charge_falls_on_draws_in_order(held: list[int], data: st.DataObject) -> None:
    charge = data.draw(st.integers(0, sum(held)))

    settled = spread(charge, held)

    assert sum(settled) == charge
    assert all(0 <= share <= amount for share, amount in zip(settled, held, strict=True))
    partial = [i for i, share in enumerate(settled) if share < held[i]]
    assert all(settled[i] == 0 for i in partial[1:])


def test_the_last_instant_of_a_lot_is_already_outside() -> None:
    lot = OpenLot(
        id=UUID(int=1),
        category=Category.PLAN,
        priority=50,
        effective_at=NOON,
        expires_at=NOON + timedelta(hours=1),
        available_microcredits=1,
    )
    tick = timedelta(microseconds=1)

    usable = [is_usable(lot, NOON + at) for at in (-tick, 0 * tick, timedelta(hours=1) - tick)]

    assert usable == [False, True, True]
    assert not is_usable(lot, NOON + timedelta(hours=1))
