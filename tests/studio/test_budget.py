"""How long an answer may get."""

from hypothesis import given
from hypothesis import strategies as st

from bluegpt.credits.types import Meter, Rate
from bluegpt.studio.rules.budget import affordable_output_tokens, worst_case


def _rate(meter: Meter, price: int, *, tier: int = 0) -> Rate:
    return Rate(
        sku="s",
        meter=meter,
        from_context_tokens=tier,
        microcredits_per_million=price,
        cost_nanousd_per_million=0,
    )


RATES = (
    _rate(Meter.INPUT, 100),
    _rate(Meter.CACHE_WRITE, 125),
    _rate(Meter.OUTPUT, 400),
    _rate(Meter.REASONING, 400),
    _rate(Meter.INPUT, 200, tier=1_000),
    _rate(Meter.CACHE_WRITE, 250, tier=1_000),
    _rate(Meter.OUTPUT, 800, tier=1_000),
)


def test_the_worst_case_puts_all_tokens_on_the_dearest_meters() -> None:
    worst = worst_case(sku="s", input_tokens=10, output_tokens=20, rates=RATES)

    assert [(line.meter, line.quantity) for line in worst.lines] == [
        (Meter.CACHE_WRITE, 10),
        (Meter.OUTPUT, 20),
    ]
    assert worst.context_tokens == 10


def test_a_long_context_is_paid_at_its_own_tier() -> None:
    short = affordable_output_tokens(available_microcredits=1, input_tokens=0, rates=RATES)
    long = affordable_output_tokens(available_microcredits=2, input_tokens=2_000, rates=RATES)

    assert short == 1_000_000 // 400
    assert long == (2_000_000 - 2_000 * 250) // 800


def test_free_output_has_no_limit_of_its_own() -> None:
    rates = (_rate(Meter.INPUT, 0), _rate(Meter.OUTPUT, 0))

    assert affordable_output_tokens(available_microcredits=0, input_tokens=9, rates=rates) is None


@given(
    available=st.integers(0, 10**12),
    input_tokens=st.integers(0, 10**6),
    input_price=st.integers(0, 10**10),
    output_price=st.integers(1, 10**10),
)
def test_what_is_affordable_never_costs_more_than_the_balance(
    available: int, input_tokens: int, input_price: int, output_price: int
) -> None:
    rates = (_rate(Meter.INPUT, input_price), _rate(Meter.OUTPUT, output_price))

    tokens = affordable_output_tokens(
        available_microcredits=available, input_tokens=input_tokens, rates=rates
    )

    assert tokens is not None
    assert tokens >= 0
    if tokens:
        cost_millionths = input_tokens * input_price + tokens * output_price
        assert -(-cost_millionths // 1_000_000) <= available
