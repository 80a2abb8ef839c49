"""What a consumption costs. Integers from end to end; one rounding per call, upwards."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bluegpt.credits.errors import NoPrice
from bluegpt.credits.types import Consumption, Meter, Rate

_UNITS_PER_RATE = 1_000_000


def charge_microcredits(consumption: Consumption, rates: Sequence[Rate]) -> int:
    """The price of a call: ceil(Σ quantity × rate / 10⁶), rounded once for the whole call.

    `rates` are those of the SKU at one version. Raises NoPrice when the SKU, or a meter that was
    used, has no rate: nothing is free by accident. Raises ValueError on a negative quantity,
    which would refill the wallet.
    """
    in_force = tier(rates, context_tokens=consumption.context_tokens)
    if not in_force:
        raise NoPrice
    total = 0
    for line in consumption.lines:
        if line.quantity < 0:
            raise ValueError(f"negative quantity of {line.meter}")
        if line.quantity == 0:
            continue
        if line.meter not in in_force:
            raise NoPrice
        total += line.quantity * in_force[line.meter].microcredits_per_million
    return -(-total // _UNITS_PER_RATE)


def tier(rates: Iterable[Rate], *, context_tokens: int) -> Mapping[Meter, Rate]:
    """The rate of each meter for a context of this length: the highest tier that it reaches."""
    in_force: dict[Meter, Rate] = {}
    for rate in rates:
        if rate.from_context_tokens > context_tokens:
            continue
        known = in_force.get(rate.meter)
        if known is None or rate.from_context_tokens > known.from_context_tokens:
            in_force[rate.meter] = rate
    return in_force


def checked(rates: Iterable[Rate]) -> tuple[Rate, ...]:
    """The rates in the order in which a version keeps them.

    Raises ValueError on a negative number and when a meter has two rates in one tier.
    """
    ordered = tuple(sorted(rates, key=_place))
    for rate in ordered:
        if min(rate.microcredits_per_million, rate.cost_nanousd_per_million) < 0:
            raise ValueError(f"negative rate of {rate.sku}, {rate.meter}")
        if rate.from_context_tokens < 0:
            raise ValueError(f"negative tier of {rate.sku}, {rate.meter}")
    places = [_place(rate) for rate in ordered]
    for before, after in pairwise(places):
        if before == after:
            raise ValueError(f"two rates of {after[0]}, {after[1]} from {after[2]} tokens on")
    return ordered


def _place(rate: Rate) -> tuple[str, str, int]:
    return (rate.sku, rate.meter, rate.from_context_tokens)
