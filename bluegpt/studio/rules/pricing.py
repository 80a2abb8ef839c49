"""From a provider's usage to meter lines, and from its prices to rates in credits."""

from collections.abc import Iterator

from bluegpt.credits.types import Consumption, Meter, MeterLine, Rate
from bluegpt.providers.types.models import Model, ProviderRate
from bluegpt.providers.types.usage import Usage

# Where a provider has no price of its own for a meter, the tokens cost what these cost. Audio,
# pictures made, tools and searches never do: without a price of their own they have none.
_PRICED_AS = {
    Meter.CACHED_INPUT: Meter.INPUT,
    Meter.CACHE_WRITE: Meter.INPUT,
    Meter.CACHE_WRITE_LONG: Meter.CACHE_WRITE,
    Meter.REASONING: Meter.OUTPUT,
    Meter.IMAGE_INPUT: Meter.INPUT,
}


def consumption_of(usage: Usage, *, sku: str) -> Consumption:
    """What a call used, in the price book's meters; the parts of the output are taken out of it."""
    quantities = {
        Meter.INPUT: usage.input_tokens,
        Meter.CACHED_INPUT: usage.cached_input_tokens,
        Meter.CACHE_WRITE: usage.cache_write_tokens,
        Meter.CACHE_WRITE_LONG: usage.cache_write_long_tokens,
        Meter.IMAGE_INPUT: usage.image_input_tokens,
        Meter.AUDIO_INPUT: usage.audio_input_tokens,
        Meter.OUTPUT: usage.text_output_tokens,
        Meter.REASONING: usage.reasoning_tokens,
        Meter.IMAGE_OUTPUT: usage.image_output_tokens,
        Meter.AUDIO_OUTPUT: usage.audio_output_tokens,
        Meter.VIDEO_OUTPUT: usage.video_output_tokens,
        Meter.IMAGE: usage.pictures,
        Meter.VIDEO_SECOND: usage.video_seconds,
        Meter.TOOL_CALL: usage.tool_calls,
        Meter.SEARCH: usage.searches,
    }
    lines = (MeterLine(meter=meter, quantity=count) for meter, count in quantities.items() if count)
    return Consumption(sku=sku, context_tokens=usage.context_tokens, lines=tuple(lines))


def rates_of(model: Model, *, credits_per_usd: int, markup_percent: int) -> Iterator[Rate]:
    """Rates of every meter of all that a model is billed as, with the markup, rounded up.

    A microcredit rate is for 1,000,000 units, as the provider's nano-dollar rate is.
    """
    factor = credits_per_usd * (100 + markup_percent)
    for sku, rates in model.skus:
        for rate in _complete(rates):
            yield Rate(
                sku=sku,
                meter=Meter(rate.meter),
                from_context_tokens=rate.from_context_tokens,
                # nano-USD × credits/USD × (100 + markup)/100, times 10⁶ microcredits over 10⁹ nano
                microcredits_per_million=-(-rate.nanousd_per_million * factor // 100_000),
                cost_nanousd_per_million=rate.nanousd_per_million,
            )


def _complete(rates: tuple[ProviderRate, ...]) -> Iterator[ProviderRate]:
    """Every meter in every tier: a gap is filled by the meter it is priced as, in the same tier."""
    known = {(rate.meter, rate.from_context_tokens): rate for rate in rates}
    for tier in sorted({rate.from_context_tokens for rate in rates}):
        for meter in Meter:
            source: Meter | None = meter
            while source is not None and (source, tier) not in known:
                source = _PRICED_AS.get(source)
            if source is not None:
                yield ProviderRate(
                    meter=meter,
                    from_context_tokens=tier,
                    nanousd_per_million=known[source, tier].nanousd_per_million,
                )


def cost_nanousd(model: Model, usage: Usage) -> int:
    """What the provider will bill for a call, in nano-US-dollars, rounded up."""
    consumption = consumption_of(usage, sku=model.sku)
    total = 0
    for line in consumption.lines:
        tiers = [
            rate
            for rate in _complete(model.rates)
            if rate.meter == line.meter and rate.from_context_tokens <= usage.context_tokens
        ]
        if tiers:
            best = max(tiers, key=lambda rate: rate.from_context_tokens)
            total += line.quantity * best.nanousd_per_million
    return -(-total // 1_000_000)
