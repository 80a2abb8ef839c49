"""Our count beside a provider's, for one model and one UTC day.

Quantities are tokens (and searches) by what both sides can tell. What cannot be certain of our
own is kept apart: `less` may be missing from the provider's day (estimates, calls that crossed
midnight), `more` may be in it though nobody paid us for it (calls in doubt or released, estimates,
calls of the day before). A difference within these, or within the tolerance, is explained.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bluegpt.credits.types import Consumption, Meter, Rate
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.types.reconciling import Gap

# |ours - theirs| up to this share of the larger one is rounding.
TOLERANCE_PERMILLE = 5
_UNITS_PER_RATE = 1_000_000

INPUT, CACHED_INPUT = "input", "cached_input"
CACHE_WRITE, CACHE_WRITE_LONG = "cache_write", "cache_write_long"
OUTPUT, SEARCH = "output", "search"
KINDS = (INPUT, CACHED_INPUT, CACHE_WRITE, CACHE_WRITE_LONG, OUTPUT, SEARCH)
# What was booked as one kind of input may have been billed as another: these are weighed together.
FAMILIES = ((INPUT, CACHED_INPUT, CACHE_WRITE, CACHE_WRITE_LONG), (OUTPUT,), (SEARCH,))
# Reports tell modalities apart that answers do not, and the other way round.
_KIND_OF = {
    Meter.INPUT: INPUT,
    Meter.IMAGE_INPUT: INPUT,
    Meter.AUDIO_INPUT: INPUT,
    Meter.CACHED_INPUT: CACHED_INPUT,
    Meter.CACHE_WRITE: CACHE_WRITE,
    Meter.CACHE_WRITE_LONG: CACHE_WRITE_LONG,
    Meter.OUTPUT: OUTPUT,
    Meter.REASONING: OUTPUT,
    Meter.IMAGE_OUTPUT: OUTPUT,
    Meter.AUDIO_OUTPUT: OUTPUT,
    Meter.SEARCH: SEARCH,
}
_RATE_OF = {
    INPUT: Meter.INPUT,
    CACHED_INPUT: Meter.CACHED_INPUT,
    CACHE_WRITE: Meter.CACHE_WRITE,
    CACHE_WRITE_LONG: Meter.CACHE_WRITE_LONG,
    OUTPUT: Meter.OUTPUT,
    SEARCH: Meter.SEARCH,
}


class Quantities(dict[str, int]):
    """Quantities by kind; every kind is there."""

    def __init__(self, given: Mapping[str, int] | None = None) -> None:
        super().__init__(dict.fromkeys(KINDS, 0) | dict(given or {}))

    def add(self, other: Mapping[str, int]) -> None:
        """Grow by another one."""
        for kind in KINDS:
            self[kind] += other[kind]


def quantities_of(usage: Usage) -> Quantities:
    """What a report's row counts."""
    fresh = usage.input_tokens + usage.image_input_tokens + usage.audio_input_tokens
    return Quantities(
        {
            INPUT: fresh,
            CACHED_INPUT: usage.cached_input_tokens,
            CACHE_WRITE: usage.cache_write_tokens,
            CACHE_WRITE_LONG: usage.cache_write_long_tokens,
            OUTPUT: usage.output_tokens,
            SEARCH: usage.searches,
        }
    )


def quantities_charged(consumption: Consumption) -> Quantities:
    """What a call was charged for. Fees that no report counts by model are left out."""
    found = Quantities()
    for line in consumption.lines:
        kind = _KIND_OF.get(line.meter)
        if kind is not None:
            found[kind] += line.quantity
    return found


def paid_millionths(
    consumption: Consumption, rates: Iterable[Rate], *, charged_microcredits: int
) -> Quantities:
    """What was charged for each kind of a call's use, in millionths of a microcredit.

    The platform may have borne a part of the price: then each kind was paid in proportion.
    """
    in_force = _in_force(rates, consumption.context_tokens)
    found, price = Quantities(), 0
    for line in consumption.lines:
        kind, rate = _KIND_OF.get(line.meter), in_force.get(line.meter)
        cost = line.quantity * rate.microcredits_per_million if rate is not None else 0
        price += cost
        if kind is not None:
            found[kind] += cost
    charged = charged_microcredits * _UNITS_PER_RATE
    if price > charged:
        return Quantities({kind: cost * charged // price for kind, cost in found.items()})
    return found


@dataclass(slots=True, kw_only=True)
class Tally:
    """One model's day, ours and theirs, as the calls and the report's rows are gone through.

    `paid` is in millionths of a microcredit; `rates` are the latest ones that a call paid. The
    weights are microcredits that can still come back: of calls that were estimated, of others.
    """

    calls: int = 0
    reported_rows: int = 0
    ours: Quantities = field(default_factory=Quantities)
    theirs: Quantities = field(default_factory=Quantities)
    less: Quantities = field(default_factory=Quantities)
    crossing: Quantities = field(default_factory=Quantities)
    more: Quantities = field(default_factory=Quantities)
    paid: Quantities = field(default_factory=Quantities)
    rates: tuple[Rate, ...] = ()
    estimated_weight: int = 0
    other_weight: int = 0
    given_microcredits: int = 0


def gaps(tally: Tally) -> tuple[Gap, ...]:
    """The differences beyond the tolerance."""
    found = []
    for kind in KINDS:
        ours, theirs = tally.ours[kind], tally.theirs[kind]
        gap = ours - theirs
        if abs(gap) * 1_000 <= TOLERANCE_PERMILLE * max(ours, theirs):
            continue
        reach = tally.less[kind] + tally.crossing[kind] if gap > 0 else tally.more[kind]
        found.append(Gap(kind=kind, ours=ours, theirs=theirs, is_explained=abs(gap) <= reach))
    return tuple(found)


def overcharge_microcredits(tally: Tally) -> int:
    """What customers paid for more than the provider billed, rounded down; zero when nothing.

    Priced at what they did pay. Calls that crossed midnight may stand in the next day's report:
    as far as they reach, nothing is certain. A model that the report does not know at all is a
    question to be asked first, where answers came with the provider's own count.
    """
    if not tally.reported_rows and tally.other_weight:
        return 0
    beyond = {gap.kind for gap in gaps(tally)}
    total = sum(
        max(0, sum(_over_millionths(tally, kind) for kind in family))
        for family in FAMILIES
        if beyond & set(family)
    )
    return total // _UNITS_PER_RATE


def _over_millionths(tally: Tally, kind: str) -> int:
    """The price of what we counted beyond them in one kind; below zero the other way round."""
    ours = tally.ours[kind]
    over = ours - tally.theirs[kind]
    if over > 0:
        over = max(0, over - tally.crossing[kind])
        return tally.paid[kind] * over // ours
    if ours:
        return -(tally.paid[kind] * -over // ours)
    in_force = _in_force(tally.rates, 0)
    rate = in_force.get(_RATE_OF[kind])
    return over * rate.microcredits_per_million if rate is not None else 0


def _in_force(rates: Iterable[Rate], context_tokens: int) -> Mapping[Meter, Rate]:
    """The rate of each meter in the highest tier that a context of this length reaches."""
    ordered = sorted(rates, key=lambda rate: rate.from_context_tokens)
    return {rate.meter: rate for rate in ordered if rate.from_context_tokens <= context_tokens}


@dataclass(slots=True)
class Sharing:
    """An amount spread over weights that come one by one, to the microcredit and always alike."""

    amount: int
    weight: int
    _passed: int = 0

    def next(self, weight: int) -> int:
        """The share of the next one: never more than its weight, if the amount is not either."""
        if not self.weight:
            return 0
        before = self.amount * self._passed // self.weight
        self._passed += weight
        return self.amount * self._passed // self.weight - before
