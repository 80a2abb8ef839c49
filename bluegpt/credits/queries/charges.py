"""What calls were charged for, many at a time, and what came back of it since."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bluegpt.credits.queries import dialect
from bluegpt.credits.types import Consumption, HoldState, Meter, MeterLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A call as the ledger has it, its steps included; amounts in microcredits.

    `consumption` is what was settled on; in doubt, what was counted and is not believed.
    """

    hold_id: UUID
    state: HoldState
    price_version: int
    consumption: Consumption
    usage_source: str
    charged_microcredits: int
    corrected_microcredits: int


def charges(hold_ids: Sequence[UUID]) -> Mapping[UUID, Charge]:
    """The charges of calls by their first hold; one that is not known is left out."""
    if not hold_ids:
        return {}
    places = ", ".join(["%s"] * len(hold_ids))
    sums = {
        dialect.uuid(row[0]): (int(row[1]), int(row[2]))
        for row in dialect.rows(
            "SELECT extends_id, sum(charged_microcredits), sum(corrected_microcredits)"
            f" FROM credits_hold WHERE extends_id IN ({places}) AND state <> 'refused'"
            " GROUP BY extends_id",
            *hold_ids,
        )
    }
    rows = dialect.rows(
        "SELECT id, state, price_version_id, sku, consumption, settled_context_tokens,"
        " usage_source, charged_microcredits, corrected_microcredits"
        f" FROM credits_hold WHERE id IN ({places}) AND state <> 'refused'",
        *hold_ids,
    )
    found = (_charge(row, sums.get(dialect.uuid(row[0]), (0, 0))) for row in rows)
    return {charge.hold_id: charge for charge in found}


def given_back(correction_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """Microcredits that corrections gave back, by their keys; one not made is left out."""
    if not correction_ids:
        return {}
    places = ", ".join(["%s"] * len(correction_ids))
    rows = dialect.rows(
        "SELECT source_id, amount_microcredits FROM credits_grant"
        f" WHERE source_kind = 'correction' AND source_id IN ({places})",
        *map(str, correction_ids),
    )
    return {UUID(row[0]): int(row[1]) for row in rows}


def _charge(row: Any, of_steps: tuple[int, int]) -> Charge:
    hold_id, state, version, sku, quantities, context_tokens, source, charged, corrected = row
    if isinstance(quantities, str):
        quantities = json.loads(quantities)
    lines = (
        MeterLine(meter=Meter(meter), quantity=quantity) for meter, quantity in quantities.items()
    )
    return Charge(
        hold_id=dialect.uuid(hold_id),
        state=HoldState(state),
        price_version=version,
        consumption=Consumption(sku=sku, context_tokens=context_tokens or 0, lines=tuple(lines)),
        usage_source=source,
        charged_microcredits=charged + of_steps[0],
        corrected_microcredits=corrected + of_steps[1],
    )
