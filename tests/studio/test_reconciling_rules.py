"""The arithmetic of a comparison: what is a difference, what is explained, what goes back."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluegpt.credits.types import Consumption, Meter, MeterLine, Rate
from bluegpt.studio.rules.reconciling import (
    CACHED_INPUT,
    INPUT,
    OUTPUT,
    Quantities,
    Sharing,
    Tally,
    gaps,
    overcharge_microcredits,
    paid_millionths,
    quantities_charged,
)

RATES = tuple(
    Rate(
        sku="one",
        meter=meter,
        from_context_tokens=tier,
        microcredits_per_million=price * 10**6,
        cost_nanousd_per_million=1,
    )
    for meter, tier, price in (
        (Meter.INPUT, 0, 10),
        (Meter.INPUT, 1_000, 20),
        (Meter.CACHED_INPUT, 0, 1),
        (Meter.OUTPUT, 0, 40),
        (Meter.REASONING, 0, 40),
    )
)


def used(context_tokens: int = 0, **quantities: int) -> Consumption:
    lines = tuple(MeterLine(meter=Meter(name), quantity=n) for name, n in quantities.items())
    return Consumption(sku="one", context_tokens=context_tokens, lines=lines)


def day(ours: Consumption, theirs: dict[str, int], **facts: object) -> Tally:
    """A day with one certain call, beside a report with one row."""
    tally = Tally(reported_rows=1, theirs=Quantities(theirs), rates=RATES, other_weight=10**12)
    tally.ours.add(quantities_charged(ours))
    tally.paid.add(paid_millionths(ours, RATES, charged_microcredits=10**12))
    for name, value in facts.items():
        setattr(tally, name, value)
    return tally


@pytest.mark.parametrize(
    ("ours", "theirs", "differs"),
    [(1_000, 995, False), (1_000, 994, True), (994, 1_000, True), (3, 2, True), (0, 0, False)],
)
def test_half_a_percent_is_rounding_and_more_is_not(ours: int, theirs: int, differs: bool) -> None:
    tally = day(used(input=ours), {INPUT: theirs})

    assert bool(gaps(tally)) is differs
    assert (overcharge_microcredits(tally) > 0) is (differs and ours > theirs)


def test_what_was_counted_too_much_is_priced_as_it_was_paid() -> None:
    assert overcharge_microcredits(day(used(input=1_000), {INPUT: 900})) == 100 * 10
    tiered = used(context_tokens=1_000, input=1_000)
    assert overcharge_microcredits(day(tiered, {INPUT: 900})) == 100 * 20


def test_reasoning_and_text_are_one_output() -> None:
    tally = day(used(output=60, reasoning=40), {OUTPUT: 50})

    assert overcharge_microcredits(tally) == 50 * 40


def test_input_that_was_billed_as_cached_gives_back_the_difference_of_the_prices() -> None:
    tally = day(used(input=1_000), {INPUT: 400, CACHED_INPUT: 600})

    assert overcharge_microcredits(tally) == 600 * (10 - 1)


def test_cached_input_that_was_billed_in_full_is_borne_by_the_platform() -> None:
    tally = day(used(cached_input=1_000), {INPUT: 600, CACHED_INPUT: 400})

    assert gaps(tally)
    assert overcharge_microcredits(tally) == 0


def test_too_little_output_never_pays_for_too_much_input() -> None:
    tally = day(used(input=1_000, output=100), {INPUT: 500, OUTPUT: 1_000})

    assert overcharge_microcredits(tally) == 500 * 10


def test_what_the_platform_had_borne_is_not_given_back() -> None:
    price = 1_000 * 10
    paid = paid_millionths(used(input=1_000), RATES, charged_microcredits=price // 4)

    assert paid[INPUT] == price // 4 * 10**6


def test_what_crossed_midnight_takes_no_part() -> None:
    crossing = Quantities({INPUT: 80})

    tally = day(used(input=1_000), {INPUT: 900}, crossing=crossing)

    assert overcharge_microcredits(tally) == 20 * 10
    assert [gap.is_explained for gap in gaps(tally)] == [False]


def test_uncertain_calls_explain_as_far_as_they_reach_and_no_further() -> None:
    less, more = Quantities({INPUT: 100}), Quantities({INPUT: 50})

    over = gaps(day(used(input=1_000), {INPUT: 900}, less=less))
    too_far = gaps(day(used(input=1_000), {INPUT: 899}, less=less))
    under = gaps(day(used(input=1_000), {INPUT: 1_050}, more=more))
    wrong_side = gaps(day(used(input=1_000), {INPUT: 1_050}, less=less))

    explained = [gap.is_explained for (gap,) in (over, too_far, under, wrong_side)]
    assert explained == [True, False, True, False]


@given(
    weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=50),
    share=st.fractions(0, 1),
)
def test_a_sharing_gives_all_of_it_and_nobody_more_than_their_weight(
    weights: list[int], share: Fraction
) -> None:
    total = sum(weights)
    amount = int(total * share)
    sharing = Sharing(amount, total)

    shares = [sharing.next(weight) for weight in weights]

    assert sum(shares) == amount
    assert all(0 <= part <= weight for part, weight in zip(shares, weights, strict=True))
