"""From usage to meter lines, from dollars to credits."""

from datetime import date

from bluegpt.credits.types import Meter
from bluegpt.providers.types import Model, ProviderRate, Unavailability, Usage
from bluegpt.studio.rules.pricing import consumption_of, cost_nanousd, rates_of

DOLLAR = 10**9


def model_with(*rates: tuple[str, int, int]) -> Model:
    return Model(
        key="house/one",
        provider="house",
        wire_name="one",
        display_name="One",
        recipient="sandbox",
        sku="house/one",
        context_tokens=100_000,
        output_tokens_max=8_000,
        reads_images=False,
        reads_pdfs=False,
        reasons=True,
        retires_on=date(2030, 1, 1).isoformat(),
        unavailability=Unavailability.NONE,
        rates=tuple(
            ProviderRate(meter=meter, from_context_tokens=tier, nanousd_per_million=price)
            for meter, tier, price in rates
        ),
    )


def test_reasoning_is_taken_out_of_the_output_and_nothing_is_counted_twice() -> None:
    usage = Usage(input_tokens=5, cached_input_tokens=3, output_tokens=10, reasoning_tokens=4)

    consumption = consumption_of(usage, sku="house/one")

    assert {line.meter: line.quantity for line in consumption.lines} == {
        Meter.INPUT: 5,
        Meter.CACHED_INPUT: 3,
        Meter.OUTPUT: 6,
        Meter.REASONING: 4,
    }
    assert consumption.context_tokens == 8


def test_a_dollar_becomes_credits_with_the_markup() -> None:
    model = model_with(("input", 0, DOLLAR), ("output", 0, 4 * DOLLAR))

    rates = {rate.meter: rate for rate in rates_of(model, credits_per_usd=100, markup_percent=20)}

    assert rates[Meter.INPUT].microcredits_per_million == 120_000_000
    assert rates[Meter.OUTPUT].microcredits_per_million == 480_000_000
    assert rates[Meter.INPUT].cost_nanousd_per_million == DOLLAR


def test_a_meter_without_a_price_costs_what_its_tokens_cost() -> None:
    model = model_with(
        ("input", 0, DOLLAR), ("cached_input", 0, DOLLAR // 10), ("output", 0, DOLLAR)
    )

    rates = {
        rate.meter: rate.cost_nanousd_per_million
        for rate in rates_of(model, credits_per_usd=100, markup_percent=0)
    }

    assert rates == {
        Meter.INPUT: DOLLAR,
        Meter.CACHED_INPUT: DOLLAR // 10,
        Meter.CACHE_WRITE: DOLLAR,
        Meter.CACHE_WRITE_LONG: DOLLAR,
        Meter.OUTPUT: DOLLAR,
        Meter.REASONING: DOLLAR,
    }


def test_a_model_without_an_input_price_gets_no_input_rate() -> None:
    model = model_with(("output", 0, DOLLAR))

    meters = {rate.meter for rate in rates_of(model, credits_per_usd=1, markup_percent=0)}

    assert meters == {Meter.OUTPUT, Meter.REASONING}


def test_a_price_is_rounded_up_to_the_microcredit() -> None:
    model = model_with(("input", 0, 1))

    [rate] = [
        rate
        for rate in rates_of(model, credits_per_usd=100, markup_percent=0)
        if rate.meter is Meter.INPUT
    ]

    assert rate.microcredits_per_million == 1


def test_the_provider_bill_follows_the_tier_of_the_context() -> None:
    model = model_with(("input", 0, DOLLAR), ("output", 0, DOLLAR), ("input", 100, 2 * DOLLAR))

    assert cost_nanousd(model, Usage(input_tokens=99, output_tokens=1)) == 100 * DOLLAR // 10**6
    assert cost_nanousd(model, Usage(input_tokens=100, output_tokens=1)) == 201 * DOLLAR // 10**6
