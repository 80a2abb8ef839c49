"""The functions of PostgreSQL do what the way of both databases does, to the row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluegpt.core.errors import BlueError
from bluegpt.credits.models import Account, Draw, Grant, Hold, Transfer
from bluegpt.credits.queries import dialect
from bluegpt.credits.services import ledger, one_call, price_book
from bluegpt.credits.types import Category, Consumption, Meter, MeterLine, Quote, Rate
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOLD_ID = UUID(int=7)
_NOTHING = UUID(int=0)
_LINE_COLUMNS = (
    "amount",
    "code",
    "kind",
    "group_size",
    "hold_id",
    "request_hash",
    "reason",
    "author",
    "reference",
    "created_at",
    "effective_at",
)
METERS = (Meter.INPUT, Meter.OUTPUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    amount: int
    category: Category
    priority: int
    from_hours: int  # beside noon
    hours: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One call from its lots to its end. Rates are microcredits per million."""

    lots: list[Lot]
    held: int
    rates: dict[tuple[Meter, int], int]
    context_tokens: int
    used: list[tuple[Meter, int]] | None  # None: released
    hours_between: int


_LOTS = st.lists(
    st.builds(
        Lot,
        amount=st.integers(1, 60),
        category=st.sampled_from(Category),
        priority=st.integers(0, 1),
        from_hours=st.integers(-3, 1),
        hours=st.none() | st.integers(1, 6),
    ),
    min_size=1,
    max_size=6,
)
_USED = st.lists(st.tuples(st.sampled_from(METERS), st.integers(0, 40)), max_size=3)
_RATES = st.dictionaries(
    st.tuples(st.sampled_from(METERS), st.sampled_from((0, 1_000))),
    st.integers(0, 3_000_000),
    min_size=1,
)
_WAYS = st.builds(
    Way,
    lots=_LOTS,
    held=st.integers(1, 120),
    rates=_RATES,
    context_tokens=st.sampled_from((0, 999, 1_000, 5_000)),
    used=st.none() | _USED,
    hours_between=st.sampled_from((0, 0, 2)),
)
_PLAIN = Way(
    lots=[Lot(amount=60, category=c, priority=0, from_hours=-1, hours=None) for c in Category],
    held=100,
    rates={(Meter.INPUT, 0): 1_000_001, (Meter.OUTPUT, 0): 2_000_000},
    context_tokens=0,
    used=[(Meter.INPUT, 3), (Meter.OUTPUT, 40)],
    hours_between=0,
)


@pytest.fixture(autouse=True)
def _functions() -> None:
    if not dialect.has_functions():
        pytest.skip("this database has no functions: there is one way")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(way=_WAYS)
def test_both_ways_leave_the_same_rows(
    way: Way, database_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_one_call = _gone(way, database_clock)
    with monkeypatch.context() as patched:
        patched.setattr(dialect, "has_functions", lambda: False)
        in_steps = _gone(way, database_clock)

    assert in_one_call == in_steps


@pytest.mark.parametrize("used", [_PLAIN.used, None])
def test_an_ordinary_call_takes_one_statement_per_step(
    used: Any, database_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bluegpt.credits.services.placing._place", _not_here)
    monkeypatch.setattr("bluegpt.credits.services.settling.locked", _not_here)

    rows = _gone(Way(**_parts(_PLAIN) | {"used": used}), database_clock)

    assert rows["hold"][0][0] == ("released" if used is None else "settled")
    assert rows["hold"][0][1] == (0 if used is None else 84)  # 83.000003, rounded up once


def test_a_hold_from_more_lots_than_a_call_takes_goes_the_other_way(
    database_clock: Clock,
) -> None:
    lots = [
        Lot(amount=1, category=Category.PROMO, priority=0, from_hours=-1, hours=None)
        for _lot in range(one_call.LOTS_MAX + 1)
    ]

    rows = _gone(Way(**_parts(_PLAIN) | {"lots": lots, "held": len(lots)}), database_clock)

    assert len(rows["draws"]) == len(lots)


def _parts(way: Way) -> dict[str, Any]:
    return {name: getattr(way, name) for name in Way.__slots__}


def _not_here(*_args: Any) -> None:
    raise AssertionError("the way of both databases was taken")


def _gone(way: Way, clock: Clock) -> dict[str, Any]:
    """What is written when a call goes this way; undone afterwards."""
    with transaction.atomic():
        person_id = UUID(int=1)
        lot_ids = _opened(way, person_id, clock)
        version = price_book.publish(rates=_rates(way), note="for a test")
        clock.now = NOON
        told: list[Any] = []
        steps: tuple[Callable[[], Any], ...] = (
            lambda: _held(way, person_id, version),
            lambda: _ended(way),
        )
        for step in steps:
            try:
                with transaction.atomic():
                    told.append(step())
            except BlueError as error:
                told.append((type(error), vars(error)))
            clock.now += timedelta(hours=way.hours_between)
        rows = _rows(lot_ids) | {"told": told}
        transaction.set_rollback(True)
    return rows


def _opened(way: Way, person_id: UUID, clock: Clock) -> list[UUID]:
    clock.now = NOON - timedelta(hours=12)
    ids = []
    for lot in way.lots:
        starts_at = NOON + timedelta(hours=lot.from_hours)
        ids.append(
            books.grant(
                person_id,
                lot.amount,
                category=lot.category,
                priority=lot.priority,
                effective_at=starts_at,
                expires_at=None if lot.hours is None else starts_at + timedelta(hours=lot.hours),
            )
        )
    return ids


def _rates(way: Way) -> list[Rate]:
    return [
        Rate(
            sku=books.SKU,
            meter=meter,
            from_context_tokens=tokens,
            microcredits_per_million=rate,
            cost_nanousd_per_million=1,
        )
        for (meter, tokens), rate in way.rates.items()
    ]


def _consumption(way: Way) -> Consumption:
    lines = tuple(MeterLine(meter=meter, quantity=count) for meter, count in way.used or ())
    return Consumption(sku=books.SKU, context_tokens=way.context_tokens, lines=lines)


def _held(way: Way, person_id: UUID, version: int) -> Any:
    quote = Quote(
        price_version=version, amount_microcredits=way.held, consumption=_consumption(way)
    )
    return ledger.hold(hold_id=HOLD_ID, person_id=person_id, quote=quote)


def _ended(way: Way) -> Any:
    if way.used is None:
        return ledger.release(hold_id=HOLD_ID, reason="stopped")
    return ledger.settle(hold_id=HOLD_ID, consumption=_consumption(way), usage_source="final")


def _rows(lot_ids: list[UUID]) -> dict[str, Any]:
    """Everything but the numbers that are drawn anew each time; lots by their place."""
    place = {lot_id: number for number, lot_id in enumerate(lot_ids)}
    hold_columns = [field.name for field in Hold._meta.concrete_fields if field.name != "wallet"]
    hold_columns = ["state", "charged_microcredits", *hold_columns]
    lot_columns = ["used_microcredits", "held_microcredits", "expired_microcredits"]
    draws = Draw.objects.order_by("position")
    lines = Transfer.objects.exclude(hold=None).order_by("sequence")
    first = {line.id: number for number, line in enumerate(lines)}
    return {
        "hold": list(Hold.objects.values_list(*hold_columns)),
        "wallet": list(Account.objects.values_list("code", "credited", "debited", "pending")),
        "lots": [Grant.objects.values_list(*lot_columns).get(id=lot_id) for lot_id in lot_ids],
        "draws": [
            (
                place[draw.lot_id],
                draw.position,
                draw.held_microcredits,
                draw.settled_microcredits,
                first[draw.transfer_id],
            )
            for draw in draws
        ],
        "lines": [
            (
                [getattr(line, name) for name in _LINE_COLUMNS],
                line.credit_account_id < 0,
                first.get(line.pending_id or _NOTHING),
                place.get(line.lot_id or _NOTHING),
            )
            for line in lines
        ],
    }
