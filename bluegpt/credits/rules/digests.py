"""Digests that tell whether two requests, or two price books, say the same.

Of ids, amounts and names only; what people write never comes near them.
"""

import hashlib
import json
from collections.abc import Iterable

from bluegpt.credits.types import Consumption, MeterLine, NewLot, Quote, Rate

_DIGEST_BYTES = 16  # against mix-ups, not against forgers


def digest_of(*parts: object) -> str:
    """128 bits in hexadecimal over the parts' plain spelling, each told apart from the next."""
    text = json.dumps([str(part) for part in parts], separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()


def hold_digest(*, person_id: object, quote: Quote, product: str, key_id: object) -> str:
    """What a hold asks for. The deadline is no part of it: a retry may come later."""
    return digest_of(
        person_id,
        product,
        key_id,
        quote.price_version,
        quote.amount_microcredits,
        consumption_text(quote.consumption),
    )


def consumption_text(consumption: Consumption) -> str:
    """One spelling per consumption: lines in the order of their meters, zeroes left out."""
    return f"{consumption.sku}|{consumption.context_tokens}|{usage_json(consumption.lines)}"


def usage_json(lines: Iterable[MeterLine]) -> str:
    """Quantities by meter as JSON, as the hold keeps them."""
    quantities: dict[str, int] = {}
    for line in lines:
        if line.quantity:
            quantities[line.meter] = quantities.get(line.meter, 0) + line.quantity
    return json.dumps(quantities, sort_keys=True, separators=(",", ":"))


def lot_digest(lot: NewLot) -> str:
    """What a grant promises. Its wording and author are not part of the promise."""
    return digest_of(
        lot.person_id,
        lot.category,
        lot.amount_microcredits,
        lot.priority,
        lot.effective_at,
        lot.expires_at,
        lot.paid_minor_units,
        lot.paid_currency,
    )


def book_digest(rates: Iterable[Rate]) -> str:
    """A whole price book, its rates in the book's order."""
    return digest_of(
        *(
            (
                rate.sku,
                rate.meter.value,
                rate.from_context_tokens,
                rate.microcredits_per_million,
                rate.cost_nanousd_per_million,
            )
            for rate in rates
        )
    )
