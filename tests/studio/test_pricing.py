"""From usage to meter lines, from dollars to credits."""

from dataclasses import replace
from datetime import date

import pytest

from bluegpt.credits.errors import NoPrice
from bluegpt.credits.rules.pricing import charge_microcredits
from bluegpt.credits.types import Consumption, Meter, MeterLine
from bluegpt.providers.queries import filming
from bluegpt.providers.types.models import (
    FilmCanvas,
    FilmingSkills,
    Model,
    ProviderRate,
    Sound,
    Unavailability,
)
from bluegpt.providers.types.usage import Usage
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


def test_a_model_that_films_has_a_price_for_each_of_its_sizes() -> None:
    small, large = (
        FilmCanvas(
            size=size,
            sku=f"house/one#{size}",
            rates=(
                ProviderRate(meter="video_second", from_context_tokens=0, nanousd_per_million=rate),
            ),
        )
        for size, rate in (("640x360", DOLLAR), ("1280x720", 3 * DOLLAR))
    )
    skills = FilmingSkills(canvases=(small, large), seconds=(4, 8), sound=Sound.ALWAYS)
    model = replace(model_with(), sku=small.sku, rates=small.rates, filming=skills)

    rates = {rate.sku: rate for rate in rates_of(model, credits_per_usd=100, markup_percent=0)}

    assert {sku: rate.microcredits_per_million for sku, rate in rates.items()} == {
        "house/one#640x360": 100_000_000,
        "house/one#1280x720": 300_000_000,
    }
    assert cost_nanousd(filming.billed_as(model, "1280x720"), Usage(video_seconds=8)) == 24_000
    with pytest.raises(ValueError, match="does not film"):
        filming.billed_as(model, "10x10")


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
        Meter.IMAGE_INPUT: DOLLAR,
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


def test_each_class_of_usage_has_its_meter_and_none_is_counted_twice() -> None:
    usage = Usage(
        input_tokens=1,
        cached_input_tokens=2,
        cache_write_tokens=3,
        cache_write_long_tokens=4,
        image_input_tokens=5,
        audio_input_tokens=6,
        output_tokens=100,
        reasoning_tokens=7,
        image_output_tokens=8,
        audio_output_tokens=9,
        searches=10,
        tool_calls=11,
    )

    consumption = consumption_of(usage, sku="house/one")

    assert {line.meter: line.quantity for line in consumption.lines} == {
        Meter.INPUT: 1,
        Meter.CACHED_INPUT: 2,
        Meter.CACHE_WRITE: 3,
        Meter.CACHE_WRITE_LONG: 4,
        Meter.IMAGE_INPUT: 5,
        Meter.AUDIO_INPUT: 6,
        Meter.OUTPUT: 76,
        Meter.REASONING: 7,
        Meter.IMAGE_OUTPUT: 8,
        Meter.AUDIO_OUTPUT: 9,
        Meter.SEARCH: 10,
        Meter.TOOL_CALL: 11,
    }
    assert consumption.context_tokens == 21


@pytest.mark.parametrize(
    "usage",
    [
        Usage(input_tokens=1, audio_input_tokens=1),
        Usage(input_tokens=1, output_tokens=1, audio_output_tokens=1),
        Usage(input_tokens=1, output_tokens=1, image_output_tokens=1),
        Usage(input_tokens=1, searches=1),
        Usage(input_tokens=1, tool_calls=1),
    ],
    ids=["audio in", "audio out", "image out", "search", "tool"],
)
def test_a_class_without_a_price_is_refused_and_never_free(usage: Usage) -> None:
    model = model_with(("input", 0, DOLLAR), ("output", 0, DOLLAR))
    rates = tuple(rates_of(model, credits_per_usd=100, markup_percent=20))

    with pytest.raises(NoPrice):
        charge_microcredits(consumption_of(usage, sku=model.sku), rates)


def test_searches_cost_a_fee_each_at_any_length_of_context() -> None:
    model = model_with(
        ("input", 0, 0), ("output", 0, 0), ("input", 1_000, 0), ("search", 0, 10**13)
    )
    rates = tuple(rates_of(model, credits_per_usd=100, markup_percent=20))

    for input_tokens in (10, 5_000):
        usage = Usage(input_tokens=input_tokens, searches=3)
        charge = charge_microcredits(consumption_of(usage, sku=model.sku), rates)

        assert charge == 3 * 1_200_000  # a cent is a credit, and a fifth on top
        assert cost_nanousd(model, usage) == 3 * 10**7


def test_seconds_of_video_and_pictures_are_charged_by_the_piece() -> None:
    model = model_with(("video_second", 0, 10**14), ("image", 0, 39 * 10**12))
    rates = tuple(rates_of(model, credits_per_usd=100, markup_percent=0))
    made = Consumption(
        sku=model.sku,
        context_tokens=0,
        lines=(
            MeterLine(meter=Meter.VIDEO_SECOND, quantity=8),
            MeterLine(meter=Meter.IMAGE, quantity=2),
        ),
    )

    assert charge_microcredits(made, rates) == 8 * 10_000_000 + 2 * 3_900_000
