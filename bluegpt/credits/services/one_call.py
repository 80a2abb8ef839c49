"""The ordinary hold, settlement and release in one call of the database, where it has functions.

Ordinary is a wallet without caps or debts that covers the hold from a few lots, and an end within
what one hold reserved. Whatever else there is, the functions touch nothing and say so: None here,
and the caller goes the way of both databases, which knows every refusal by its name.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bluegpt.core.ids import new_ids
from bluegpt.core.writing import write_at_once
from bluegpt.credits.queries import dialect
from bluegpt.credits.rules.believing import Doubt
from bluegpt.credits.rules.digests import consumption_text, digest_of, usage_json
from bluegpt.credits.services.orders import Order
from bluegpt.credits.types import Consumption, HoldState, Settlement

LOTS_MAX = 4  # a hold from more lots than this is rare enough for the longer way
_QUANTITY_MAX = 2**53

# Every value goes as text and is read as what it is: one prepared statement, whatever the values.
_PLACE = (
    "SELECT credits_place(%s::uuid, %s::uuid, %s::bigint, %s::integer, %s::text, %s::text,"
    " %s::text, %s::integer, %s::uuid, %s::bigint, %s::uuid[], {pinned})"
)
_END = (
    "SELECT charged, released FROM credits_end(%s::uuid, %s::text, %s::bigint, %s::text[],"
    " %s::bigint[], %s::text, %s::jsonb, %s::text, %s::text, %s::uuid, %s::uuid[], {pinned})"
)


def place(order: Order) -> datetime | None:
    """Hold; the instant of its deadline, None when nothing was touched."""
    items = (
        str(order.id),
        str(order.person_id),
        str(order.amount),
        str(order.price_version),
        order.product,
        order.sku,
        order.digest,
        str(order.ttl_s),
        None if order.key_id is None else str(order.key_id),
        str(int(order.account)),
        _array(str(line_id) for line_id in new_ids(LOTS_MAX)),
    )
    (deadline_at,) = write_at_once(lambda: _called(_PLACE, items))
    return None if deadline_at is None else dialect.instant(deadline_at)


def settle(*, hold_id: UUID, consumption: Consumption, usage_source: str) -> Settlement | None:
    """Charge what was used, when the hold covers it; None when nothing was touched."""
    used = [line for line in consumption.lines if line.quantity]
    if (
        not dialect.has_functions()
        or not used
        or any(not 0 < line.quantity < _QUANTITY_MAX for line in used)
        or usage_source in (Doubt.DOUBTFUL, Doubt.MISSING)
    ):
        return None
    return _end(
        HoldState.SETTLED,
        hold_id,
        consumption.sku,
        str(consumption.context_tokens),
        _array(line.meter.value for line in used),
        _array(str(line.quantity) for line in used),
        usage_source,
        usage_json(consumption.lines),
        "",
        digest_of(consumption_text(consumption), usage_source),
    )


def release(*, hold_id: UUID, reason: str) -> Settlement | None:
    """Give back all that the call holds; None when nothing was touched."""
    if not dialect.has_functions():
        return None
    nothing = (None, None, None, None, "", "{}")
    return _end(HoldState.RELEASED, hold_id, *nothing, reason, digest_of(reason))


def _end(state: HoldState, hold_id: UUID, *told: str | None) -> Settlement | None:
    end_id, *line_ids = (str(each) for each in new_ids(1 + LOTS_MAX))
    items = (str(hold_id), *told, end_id, _array(line_ids))
    charged, released = write_at_once(lambda: _called(_END, items))
    if charged is None:
        return None
    return Settlement(
        hold_id=hold_id,
        state=state,
        charged_microcredits=charged,
        released_microcredits=released,
        absorbed_microcredits=0,
    )


def _called(function: str, items: Sequence[str | None]) -> Any:
    return dialect.called(function.format(pinned=dialect.pinned_sql()), *items)


def _array(words: Iterable[str]) -> str:
    """Words without quotes, commas or braces, as PostgreSQL spells an array."""
    return "{" + ",".join(words) + "}"
