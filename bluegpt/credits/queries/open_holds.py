"""What is reserved at the moment, call by call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.holds import OPEN_SQL
from bluegpt.credits.types import HoldState

OPEN_HOLDS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHold:
    """A call under way, or one whose cost is being looked into, as its owner sees it.

    `amount_microcredits` is the most that the call can cost, its later steps included.
    `key_id` is the API key that it came by, None for the pages.
    """

    id: UUID
    product: str
    sku: str
    key_id: UUID | None
    amount_microcredits: int
    is_in_doubt: bool
    created_at: datetime


def open_holds(person_id: UUID) -> tuple[OpenHold, ...]:
    """The calls that have credits reserved, the oldest first; at most OPEN_HOLDS_MAX of them."""
    found = dialect.rows(
        "SELECT h.id, h.product, h.sku, h.key_id, h.state, h.created_at, h.amount_microcredits"
        " + coalesce((SELECT sum(s.amount_microcredits) FROM credits_hold s"
        f" WHERE s.extends_id = h.id AND s.state IN {OPEN_SQL}), 0)"
        f" FROM credits_hold h WHERE h.person_id = %s AND h.state IN {OPEN_SQL}"
        " AND h.extends_id IS NULL AND h.amount_microcredits > 0"
        f" ORDER BY h.created_at, h.id LIMIT {OPEN_HOLDS_MAX}",
        person_id,
    )
    return tuple(
        OpenHold(
            id=dialect.uuid(hold_id),
            product=product,
            sku=sku,
            key_id=None if key_id is None else dialect.uuid(key_id),
            amount_microcredits=int(amount),
            is_in_doubt=state == HoldState.IN_DOUBT,
            created_at=dialect.instant(created_at),
        )
        for hold_id, product, sku, key_id, state, created_at, amount in found
    )
