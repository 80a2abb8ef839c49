"""Lots: one per source, usable in a half-open interval, never revived."""

from datetime import timedelta
from uuid import UUID

import pytest

from bluegpt.credits import jobs
from bluegpt.credits.errors import IdempotencyConflict, InsufficientCredits
from bluegpt.credits.models import Grant, Transfer
from bluegpt.credits.queries import balances
from bluegpt.credits.services import ledger, lots
from bluegpt.credits.types import Category
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _available(person_id: UUID) -> int:
    return balances.balance(person_id).available_microcredits


def _grant(person_id: UUID, amount: int, **more: object) -> UUID:
    return ledger.grant(
        person_id=person_id,
        category=Category.ADJUSTMENT,
        amount_microcredits=amount,
        source_kind="ticket",
        source_id="T-1",
        reason="a slow answer",
        author="staff",
        **more,  # type: ignore[arg-type]
    )


def test_a_source_grants_once_however_often_it_is_told(person_id: UUID) -> None:
    first = _grant(person_id, 100)

    second = _grant(person_id, 100)

    assert second == first
    assert _available(person_id) == 100
    assert Transfer.objects.get().reference == "ticket:T-1"
    assert books.broken() == []


def test_a_source_with_another_amount_is_a_conflict_and_grants_nothing(person_id: UUID) -> None:
    _grant(person_id, 100)

    with pytest.raises(IdempotencyConflict):
        _grant(person_id, 101)

    assert _available(person_id) == 100
    assert books.broken() == []


def test_a_grant_told_again_after_its_end_is_still_the_same_grant(
    person_id: UUID, database_clock: Clock
) -> None:
    expires_at = database_clock.now + timedelta(days=1)
    first = _grant(person_id, 100, expires_at=expires_at)
    database_clock.advance(2 * 24 * 3600)

    assert _grant(person_id, 100, expires_at=expires_at) == first
    assert Grant.objects.count() == 1


@pytest.mark.parametrize("amount", [0, -5])
def test_a_lot_is_never_empty_or_negative(person_id: UUID, amount: int) -> None:
    with pytest.raises(ValueError, match="positive amount"):
        books.grant(person_id, amount)


def test_a_lot_that_ends_before_it_starts_is_refused(
    person_id: UUID, database_clock: Clock
) -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        books.grant(person_id, 10, expires_at=database_clock.now)

    assert not Grant.objects.exists()
    assert balances.wallet_of(person_id) is None


def test_a_lot_counts_from_its_first_instant_to_just_before_its_last(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    start = database_clock.now + timedelta(hours=1)
    books.grant(person_id, 100, effective_at=start, expires_at=start + timedelta(hours=1))
    seen = []

    for step_s in (3_600 - 0.000001, 0.000001, 3_600 - 0.000001, 0.000001):
        database_clock.advance(step_s)
        seen.append(_available(person_id))

    assert seen == [0, 100, 100, 0]
    with pytest.raises(InsufficientCredits):
        books.hold(person_id, 1)
    assert books.broken() == []


def test_a_lot_that_starts_later_is_shown_and_not_spent(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    books.grant(person_id, 100, effective_at=database_clock.now + timedelta(days=1))

    with pytest.raises(InsufficientCredits) as refusal:
        books.hold(person_id, 50)

    assert refusal.value.available_microcredits == 0
    assert [lot.remaining_microcredits for lot in balances.lots(person_id)] == [100]


def test_lots_are_shown_in_the_order_in_which_they_burn(
    person_id: UUID, database_clock: Clock
) -> None:
    soon, late = (database_clock.now + timedelta(days=days) for days in (1, 9))
    paid = books.grant(person_id, 10, category=Category.PAID)
    promo_late = books.grant(person_id, 10, expires_at=late)
    first = books.grant(person_id, 10, category=Category.PAID, priority=10)
    promo_soon = books.grant(person_id, 10, expires_at=soon)
    plan_soon = books.grant(person_id, 10, category=Category.PLAN, expires_at=soon)

    shown = [lot.id for lot in balances.lots(person_id)]

    assert shown == [first, plan_soon, promo_soon, promo_late, paid]


def test_what_expires_unused_goes_to_breakage_once(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    lot_id = books.grant(person_id, 100, expires_at=database_clock.now + timedelta(hours=1))
    assert lots.expire(lot_id) == 0
    database_clock.advance(3_600)

    moved = [lots.expire(lot_id), lots.expire(lot_id)]

    assert moved == [100, 0]
    assert Transfer.objects.filter(code="expiry").count() == 1
    assert balances.lots(person_id) == ()
    assert books.broken() == []


def test_a_lot_that_expires_during_a_call_still_pays_for_it_and_the_return_is_lost(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    lot_id = books.grant(person_id, 100, expires_at=database_clock.now + timedelta(hours=1))
    ticket = books.hold(person_id, 60)
    database_clock.advance(3_600)
    shown = balances.lots(person_id)
    assert [(lot.held_microcredits, lot.remaining_microcredits) for lot in shown] == [(60, 0)]
    jobs.expire_lots()
    assert Grant.objects.get(id=lot_id).expired_microcredits == 40
    assert balances.lots(person_id) == shown

    ended = books.settle(ticket.id, 25)

    assert ended.charged_microcredits == 25
    lot = Grant.objects.get(id=lot_id)
    assert (lot.used_microcredits, lot.held_microcredits, lot.expired_microcredits) == (25, 0, 75)
    assert _available(person_id) == 0
    assert books.broken() == []


def test_the_clocks_turns_release_and_expire_everything_that_is_due(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    books.grant(person_id, 100, expires_at=database_clock.now + timedelta(hours=1))
    forgotten = books.hold(person_id, 60, ttl_s=30)
    database_clock.advance(3_600)

    jobs.release_overdue_holds()
    jobs.expire_lots()

    assert Transfer.objects.filter(kind="void", hold_id=forgotten.id).exists()
    assert sum(Transfer.objects.filter(code="expiry").values_list("amount", flat=True)) == 100
    assert books.broken() == []


def test_an_unknown_lot_expires_to_nothing(person_id: UUID) -> None:
    assert lots.expire(person_id) == 0
