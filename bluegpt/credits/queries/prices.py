"""The price book: quotes, and the rates in force."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from django.db.models import Max

from bluegpt.credits.errors import NoPrice
from bluegpt.credits.models import Price, PriceVersion
from bluegpt.credits.rules.pricing import charge_microcredits
from bluegpt.credits.types import Consumption, Meter, Quote, Rate

_RATE_FIELDS = (
    "sku",
    "meter",
    "from_context_tokens",
    "microcredits_per_million",
    "cost_nanousd_per_million",
)


def current_version() -> int | None:
    """The version in force, None before the first was published."""
    found: int | None = PriceVersion.objects.aggregate(last=Max("id"))["last"]
    return found


def quote(consumption: Consumption, *, price_version: int | None = None) -> Quote:
    """The price of a consumption, at the version in force unless one is named.

    Raises NoPrice when the SKU, or a meter it uses, has no rate there.
    """
    version = current_version() if price_version is None else price_version
    if version is None:
        raise NoPrice
    return Quote(
        price_version=version,
        amount_microcredits=charge_microcredits(consumption, rates_at(version, consumption.sku)),
        consumption=consumption,
    )


def charge(consumption: Consumption, rates: Sequence[Rate]) -> int:
    """The price of a consumption in microcredits, at rates at hand. Raises NoPrice."""
    return charge_microcredits(consumption, rates)


def rates(skus: Iterable[str]) -> Mapping[str, tuple[Rate, ...]]:
    """Rates in force by SKU. A SKU without a price is not in the answer."""
    version = PriceVersion.objects.order_by("-id").values_list("id", "digest").first()
    if version is None:
        return {}
    in_force = _by_sku(*version)
    return {sku: in_force[sku] for sku in skus if sku in in_force}


def rates_at(version: int, sku: str) -> tuple[Rate, ...]:
    """All rates of a SKU in one version; empty when it has none."""
    found = Price.objects.filter(version_id=version, sku=sku).order_by("id")
    return tuple(rate_of(row) for row in found.values_list(*_RATE_FIELDS))


def book(version: int) -> tuple[Rate, ...]:
    """A whole version, in the book's order."""
    found = Price.objects.filter(version_id=version).order_by("id")
    return tuple(rate_of(row) for row in found.values_list(*_RATE_FIELDS).iterator())


@lru_cache(maxsize=4)
def _by_sku(version: int, _digest: str) -> Mapping[str, tuple[Rate, ...]]:
    """A whole version. It never changes, and every page that names a price asks for it."""
    by_sku: defaultdict[str, list[Rate]] = defaultdict(list)
    for rate in book(version):
        by_sku[rate.sku].append(rate)
    return {sku: tuple(found) for sku, found in by_sku.items()}


def rate_of(row: tuple[str, str, int, int, int]) -> Rate:
    """A rate from (SKU, meter, tier, microcredits, nano-US-dollars)."""
    sku, meter, from_context_tokens, microcredits, nanousd = row
    return Rate(
        sku=sku,
        meter=Meter(meter),
        from_context_tokens=from_context_tokens,
        microcredits_per_million=microcredits,
        cost_nanousd_per_million=nanousd,
    )
