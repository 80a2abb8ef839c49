"""In which order lots are used, and how a call is spread over them.

One pure function decides it for the hold, for the page that shows the lots, and for the check
that re-runs it years later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from bluegpt.credits.types import Category

_CATEGORY_RANK = {category: rank for rank, category in enumerate(Category)}
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLot:
    """A lot as the burn order sees it."""

    id: UUID
    category: Category
    priority: int
    effective_at: datetime
    expires_at: datetime | None
    available_microcredits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What a call takes from one lot, in microcredits."""

    lot_id: UUID
    amount_microcredits: int


def burn_order(lots: Iterable[OpenLot]) -> list[OpenLot]:
    """Priority up, expiry up (none last), plan → promo → adjustment → paid, age, id.

    What would be lost first goes first, and paid credits last: that is kinder, and keeps refunds
    possible.
    """
    return sorted(lots, key=_rank)


def _rank(lot: OpenLot) -> tuple[int, datetime, int, datetime, UUID]:
    return (
        lot.priority,
        lot.expires_at or _NEVER,
        _CATEGORY_RANK[lot.category],
        lot.effective_at,
        lot.id,
    )


def is_usable(lot: OpenLot, now: datetime) -> bool:
    """Whether `now` lies in the half-open interval [effective, expires)."""
    return lot.effective_at <= now and not is_expired(lot.expires_at, now)


def is_expired(expires_at: datetime | None, now: datetime) -> bool:
    """At its last instant a lot is gone already."""
    return expires_at is not None and expires_at <= now


def usable_microcredits(lots: Iterable[OpenLot], now: datetime) -> int:
    """What can be spent at `now`."""
    return sum(lot.available_microcredits for lot in lots if is_usable(lot, now))


def draw(
    lots: Iterable[OpenLot], *, amount_microcredits: int, now: datetime
) -> tuple[Share, ...] | None:
    """Shares that add up to the amount, in burn order; None when the lots do not cover it."""
    assert amount_microcredits >= 0
    left = amount_microcredits
    shares = []
    for lot in burn_order(lot for lot in lots if is_usable(lot, now)):
        if left == 0:
            break
        taken = min(left, lot.available_microcredits)
        if taken > 0:
            shares.append(Share(lot_id=lot.id, amount_microcredits=taken))
            left -= taken
    assert left >= 0
    return tuple(shares) if left == 0 else None


def spread(charge_microcredits: int, held: Sequence[int]) -> tuple[int, ...]:
    """How a charge falls on draws: in their order, so what returns unwinds in reverse.

    `held` and the result are microcredits per draw. The charge never exceeds what is held.
    """
    assert 0 <= charge_microcredits <= sum(held)
    left = charge_microcredits
    settled = []
    for amount in held:
        taken = min(left, amount)
        settled.append(taken)
        left -= taken
    assert left == 0
    return tuple(settled)
