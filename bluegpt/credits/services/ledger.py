"""The ledger's verbs: grant; hold, hold more, dispatch, extend; settle, release, doubt.

Each is one short transaction that joins the caller's when one is open, and each is safe to
repeat. How a hold is placed stands in `placing`, how it ends in `settling`.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from bluegpt.credits.errors import HoldResolved, UnknownHold
from bluegpt.credits.queries import dialect, holds
from bluegpt.credits.rules.digests import hold_digest
from bluegpt.credits.services import placing
from bluegpt.credits.services.lots import open_lot
from bluegpt.credits.services.orders import Order
from bluegpt.credits.services.settling import doubt, release, settle, settle_doubt
from bluegpt.credits.types import Category, HoldState, HoldTicket, NewLot, Quote

__all__ = [
    "dispatch",
    "doubt",
    "extend",
    "grant",
    "hold",
    "hold_more",
    "release",
    "settle",
    "settle_doubt",
]


def grant(  # noqa: PLR0913  what a gift has to say; NewLot carries the rest
    *,
    person_id: UUID,
    category: Category,
    amount_microcredits: int,
    source_kind: str,
    source_id: str,
    reason: str,
    expires_at: datetime | None = None,
    author: str = "",
) -> UUID:
    """Give a person credits, at once; the lot's id. One effect per source, for ever.

    Raises IdempotencyConflict when the source was granted with another content.
    """
    return open_lot(
        NewLot(
            person_id=person_id,
            category=category,
            amount_microcredits=amount_microcredits,
            source_kind=source_kind,
            source_id=source_id,
            reason=reason,
            expires_at=expires_at,
            author=author,
        )
    )


def hold(
    *,
    hold_id: UUID,
    person_id: UUID,
    quote: Quote,
    product: str = "chat",
    ttl_s: int | None = None,
    key_id: UUID | None = None,
) -> HoldTicket:
    """Reserve the most that a call can cost. The same id and body give the same hold again.

    Raises InsufficientCredits, also for a key that was refused before, CapReached,
    DebtOutstanding and IdempotencyConflict. A refusal for lack of funds is part of the caller's
    transaction when there is one: it lasts if that commits.
    """
    if quote.amount_microcredits < 0:
        raise ValueError("a hold is never negative")
    return placing.place(
        Order(
            id=hold_id,
            person_id=person_id,
            amount=quote.amount_microcredits,
            price_version=quote.price_version,
            product=product,
            sku=quote.consumption.sku,
            ttl_s=settings.BLUEGPT.credits.hold_ttl_s if ttl_s is None else ttl_s,
            key_id=key_id,
            digest=hold_digest(person_id=person_id, quote=quote, product=product, key_id=key_id),
        )
    )


def hold_more(*, hold_id: UUID, step_id: UUID, amount_microcredits: int) -> HoldTicket:
    """Reserve another step for a call under way; `hold_id` is the call's first hold.

    Raises InsufficientCredits, CapReached, DebtOutstanding, HoldResolved, UnknownHold and
    IdempotencyConflict; then the call keeps what it has.
    """
    return placing.place_step(
        hold_id=hold_id, step_id=step_id, amount_microcredits=amount_microcredits
    )


def dispatch(*, hold_id: UUID) -> HoldTicket:
    """Mark the hold before the call leaves. Again is the same; raises HoldResolved, UnknownHold."""
    found = dialect.row(
        f"UPDATE credits_hold SET state = 'dispatched', dispatched_at = {dialect.now_sql()}"
        f" WHERE id = %s AND state = 'held' RETURNING {holds.TICKET}",
        hold_id,
    )
    if found is not None:
        return holds.ticket_of(found)
    known = holds.hold(hold_id)
    if known.state is not HoldState.DISPATCHED:
        raise HoldResolved
    return known


def extend(*, hold_id: UUID, ttl_s: int) -> HoldTicket:
    """Let the hold live at least `ttl_s` seconds from now. Raises HoldResolved, UnknownHold."""
    deadline_at = dialect.now() + timedelta(seconds=ttl_s)
    found = dialect.row(
        "UPDATE credits_hold SET deadline_at = CASE WHEN deadline_at < %s THEN %s"
        f" ELSE deadline_at END WHERE id = %s AND state IN {holds.OPEN_SQL}"
        f" RETURNING {holds.TICKET}",
        deadline_at,
        deadline_at,
        hold_id,
    )
    if found is not None:
        return holds.ticket_of(found)
    if holds.settlement(hold_id) is not None:
        raise HoldResolved
    raise UnknownHold
