"""`bluegpt models …`"""

import argparse
import asyncio
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from bluegpt.core.money import credits_text
from bluegpt.core.threads import in_thread
from bluegpt.credits.queries import prices
from bluegpt.credits.types import Meter, Rate
from bluegpt.ops.errors import Complaint
from bluegpt.ops.keys import SETTINGS
from bluegpt.ops.surroundings import as_when_serving
from bluegpt.ops.terminal import table, tell
from bluegpt.providers.queries.catalogue import models
from bluegpt.providers.services import catalogue
from bluegpt.providers.types.models import Model, Unavailability
from bluegpt.studio.services import pricing

_FILE_BYTES_MAX = 64_000_000
_REASONS = {
    Unavailability.NONE: "ready",
    Unavailability.NOT_ANSWERING: "does not answer",
    Unavailability.RETIRED: "retired",
    Unavailability.NO_PRICE: "has no price",
}


def list_all(_arguments: argparse.Namespace) -> int:
    """Every model in display order, its state, its prices in credits for a million tokens."""
    offered, rates = asyncio.run(_offered())
    head = ("MODEL", "NAME", "CONTEXT", "INPUT", "OUTPUT", "STATE")
    rows = [_row(model, rates.get(model.sku, ())) for model in offered]
    print(table([head, *rows], right=frozenset({2, 3, 4})))
    ready = sum(model.is_available for model in offered)
    tell(f"{len(offered)} models, {ready} ready. Prices are credits for 1,000,000 tokens.")
    return 0


def refresh(arguments: argparse.Namespace) -> int:
    """Replace the catalogue and publish its prices; calls under way keep the price they hold."""
    facts = _read(arguments.file)
    count = catalogue.refresh(facts)
    version = asyncio.run(_publish())
    print(f"{count} models are in the catalogue; price version {version} is in force.")
    return 0


async def _offered() -> tuple[tuple[Model, ...], Mapping[str, tuple[Rate, ...]]]:
    async with as_when_serving():
        await in_thread(catalogue.load_packaged)
        await in_thread(pricing.publish)
        offered = await in_thread(models)
        return offered, await in_thread(prices.rates, [model.sku for model in offered])


async def _publish() -> int:
    # What runs on this machine keeps its price only if it is seen now.
    async with as_when_serving():
        return await in_thread(pricing.publish)


def _row(model: Model, rates: tuple[Rate, ...]) -> tuple[str, ...]:
    state = _REASONS.get(model.unavailability) or f"needs {SETTINGS.get(model.provider, 'a key')}"
    return (
        model.key,
        model.display_name,
        f"{model.context_tokens:,}",
        _price(rates, Meter.INPUT),
        _price(rates, Meter.OUTPUT),
        state,
    )


def _price(rates: tuple[Rate, ...], meter: Meter) -> str:
    """From … to … where long contexts cost more; a dash where there is no price."""
    tiers = [rate.microcredits_per_million for rate in rates if rate.meter is meter]
    return "–".join(credits_text(tier) for tier in sorted(tiers)) or "–"


def _read(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > _FILE_BYTES_MAX:
            raise Complaint(f"{path} is larger than any catalogue: {_FILE_BYTES_MAX:,} bytes.")
        facts = json.loads(path.read_bytes(), parse_float=Decimal)
    except OSError as error:
        raise Complaint(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise Complaint(f"{path} is not JSON. Nothing has changed.") from None
    if not isinstance(facts, dict):
        raise Complaint(f"{path} is a JSON file, but not a catalogue. Nothing has changed.")
    return facts
