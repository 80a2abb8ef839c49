"""What a consumption costs."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluegpt.credits.errors import NoPrice
from bluegpt.credits.rules.pricing import charge_microcredits, checked, tier
from bluegpt.credits.types import Consumption, Meter, MeterLine, Rate


def _rate(meter: Meter, microcredits_per_million: int, *, from_tokens: int = 0) -> Rate:
    return Rate(
        sku="m",
        meter=meter,
        from_context_tokens=from_tokens,
        microcredits_per_million=microcredits_per_million,
        cost_nanousd_per_million=0,
    )


def _used(context_tokens: int = 0, **quantities: int) -> Consumption:
    lines = (MeterLine(meter=Meter(name), quantity=count) for name, count in quantities.items())
    return Consumption(sku="m", context_tokens=context_tokens, lines=tuple(lines))


@given(
    quantities=st.lists(st.integers(0, 10**9), min_size=3, max_size=3),
    rates=st.lists(st.integers(0, 10**10), min_size=3, max_size=3),
)
def test_the_charge_is_the_exact_sum_rounded_up_once(
    quantities: list[int], rates: list[int]
) -> None:
    meters = (Meter.INPUT, Meter.CACHED_INPUT, Meter.OUTPUT)
    exact = sum(Fraction(q * r, 10**6) for q, r in zip(quantities, rates, strict=True))

    charge = charge_microcredits(
        _used(**dict(zip(meters, quantities, strict=True))),
        [_rate(meter, rate) for meter, rate in zip(meters, rates, strict=True)],
    )

    assert charge == ceil(exact)


def test_three_tenths_of_a_microcredit_on_three_meters_cost_one() -> None:
    rates = [_rate(meter, 300_000) for meter in (Meter.INPUT, Meter.OUTPUT, Meter.REASONING)]

    assert charge_microcredits(_used(input=1, output=1, reasoning=1), rates) == 1


@pytest.mark.parametrize(("context_tokens", "charge"), [(199_999, 10), (200_000, 20)])
def test_a_long_context_costs_its_tier_from_its_first_token_on(
    context_tokens: int, charge: int
) -> None:
    rates = [
        _rate(Meter.OUTPUT, 1_000_000),
        _rate(Meter.OUTPUT, 2_000_000, from_tokens=200_000),
    ]

    assert charge_microcredits(_used(context_tokens, output=10), rates) == charge


def test_reasoning_has_a_rate_of_its_own() -> None:
    rates = [_rate(Meter.OUTPUT, 1_000_000), _rate(Meter.REASONING, 5_000_000)]

    assert charge_microcredits(_used(output=2, reasoning=3), rates) == 17


def test_a_meter_without_a_rate_is_refused_and_never_free() -> None:
    with pytest.raises(NoPrice):
        charge_microcredits(_used(output=1, cache_write=1), [_rate(Meter.OUTPUT, 1)])


def test_a_sku_without_rates_is_refused_even_when_nothing_was_used() -> None:
    with pytest.raises(NoPrice):
        charge_microcredits(_used(), [])


def test_a_negative_quantity_never_refills_a_wallet() -> None:
    with pytest.raises(ValueError, match="negative quantity"):
        charge_microcredits(_used(output=-5), [_rate(Meter.OUTPUT, 1)])


def test_the_tier_below_the_lowest_has_no_price() -> None:
    assert tier([_rate(Meter.OUTPUT, 1, from_tokens=10)], context_tokens=9) == {}


def test_a_negative_rate_is_no_book() -> None:
    with pytest.raises(ValueError, match="negative rate"):
        checked([_rate(Meter.OUTPUT, -1)])


def test_a_meter_has_one_rate_per_tier() -> None:
    with pytest.raises(ValueError, match="two rates"):
        checked([_rate(Meter.OUTPUT, 1), _rate(Meter.OUTPUT, 2)])
