"""How long an answer may get: the model, the window and the purse each set a limit."""

from collections.abc import Sequence

from bluegpt.credits.types import Consumption, Meter, MeterLine, Rate

# Below this an answer is not worth starting: it would be cut in its first sentences.
OUTPUT_TOKENS_MIN = 256

# What is held at once, and then again each time: minutes of text, and not the whole purse.
OUTPUT_TOKENS_STEP = 2_000
# More is asked for this long before the end of a step, so that the answer need not wait for it.
OUTPUT_TOKENS_AHEAD = 500


def worst_case(
    *, sku: str, input_tokens: int, output_tokens: int, rates: Sequence[Rate]
) -> Consumption:
    """The dearest way in which a call can use these tokens: all of them on the dearest meter.

    A provider may write input to its cache on its own, or think all the way to the limit.
    """
    tier = [rate for rate in rates if rate.from_context_tokens <= input_tokens]
    lines = (
        MeterLine(meter=dearest(tier, _INPUT_METERS), quantity=input_tokens),
        MeterLine(meter=dearest(tier, _OUTPUT_METERS), quantity=output_tokens),
    )
    return Consumption(sku=sku, context_tokens=input_tokens, lines=lines)


_INPUT_METERS = (Meter.INPUT, Meter.CACHE_WRITE, Meter.CACHE_WRITE_LONG, Meter.CACHED_INPUT)
_OUTPUT_METERS = (Meter.OUTPUT, Meter.REASONING)


def dearest(rates: Sequence[Rate], meters: Sequence[Meter]) -> Meter:
    """The meter with the highest price now; the first of `meters` when all are alike."""
    return max(meters, key=lambda meter: _price(rates, meter))


def _price(rates: Sequence[Rate], meter: Meter) -> int:
    """Price of a meter in the highest tier reached, -1 without one."""
    own = [rate for rate in rates if rate.meter == meter]
    if not own:
        return -1
    return max(own, key=lambda rate: rate.from_context_tokens).microcredits_per_million


def affordable_output_tokens(
    *, available_microcredits: int, input_tokens: int, rates: Sequence[Rate]
) -> int | None:
    """Output tokens that the balance can pay after the input, None when output is free.

    Never negative; zero when not even the input can be paid.
    """
    tier = [rate for rate in rates if rate.from_context_tokens <= input_tokens]
    input_price = _price(tier, dearest(tier, _INPUT_METERS))
    output_price = _price(tier, dearest(tier, _OUTPUT_METERS))
    left_millionths = available_microcredits * 1_000_000 - input_tokens * max(input_price, 0)
    if output_price <= 0:
        return None if left_millionths >= 0 else 0
    return max(0, left_millionths // output_price)
