"""The hold protocol: grant, hold, dispatch, extend; settle and release are in `resolution`.

Each is one short transaction that joins the caller's when one is open. Locks are taken in one
order everywhere: the hold's row, the wallet, then lots by id. Whoever has the wallet's row has
the wallet: its lots and draws are only written under that lock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bluegpt.core.ids import new_id
from bluegpt.credits.errors import (
    HoldResolved,
    IdempotencyConflict,
    InsufficientCredits,
    UnknownHold,
)
from bluegpt.credits.queries import balances, dialect, holds
from bluegpt.credits.rules import burning, chart
from bluegpt.credits.rules.digests import hold_digest
from bluegpt.credits.services import journal
from bluegpt.credits.services.accounts import open_wallet
from bluegpt.credits.services.lots import open_lot
from bluegpt.credits.services.resolution import release, settle
from bluegpt.credits.types import (
    Category,
    HoldState,
    HoldTicket,
    NewLot,
    Quote,
    TransferCode,
    TransferKind,
)

__all__ = ["dispatch", "extend", "grant", "hold", "release", "settle"]

_INSERT_HOLD = (
    "INSERT INTO credits_hold (id, person_id, wallet_id, amount_microcredits, price_version_id,"
    " product, sku, request_hash, state, deadline_at, available_microcredits, key_id, created_at,"
    " resolved_at, charged_microcredits, absorbed_microcredits, usage_source, consumption, reason)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, 0, '', '{}', '')"
    " ON CONFLICT (id) DO NOTHING"
)
_INSERT_DRAWS = (
    "INSERT INTO credits_draw (hold_id, lot_id, position, held_microcredits,"
    " settled_microcredits, transfer_id)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What one hold asks for."""

    id: UUID
    person_id: UUID
    quote: Quote
    product: str
    account: chart.Platform
    ttl_s: int
    key_id: UUID | None
    digest: str

    @property
    def amount(self) -> int:
        return self.quote.amount_microcredits


class _Taken(Exception):
    """A hold of this id exists already."""


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

    Raises InsufficientCredits, also for a key that was refused before, and IdempotencyConflict.
    The refusal is part of the caller's transaction when there is one: it lasts if that commits.
    """
    if quote.amount_microcredits < 0:
        raise ValueError("a hold is never negative")
    order = _Order(
        id=hold_id,
        person_id=person_id,
        quote=quote,
        product=product,
        account=chart.consumed(product),
        ttl_s=settings.BLUEGPT.credits.hold_ttl_s if ttl_s is None else ttl_s,
        key_id=key_id,
        digest=hold_digest(person_id=person_id, quote=quote, product=product, key_id=key_id),
    )
    try:
        with transaction.atomic():
            return _place(order)
    except _Taken:
        return _repeat(order)
    except InsufficientCredits as refusal:
        if not _keep_refusal(order, refusal):
            return _repeat(order)
        raise


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


def _place(order: _Order) -> HoldTicket:
    """Reserve in the wallet, draw on the lots, write it all down."""
    wallet_id, now = _reserve(order)
    shares: tuple[burning.Share, ...] = ()
    if order.amount:
        lots = balances.open_lots(wallet_id)
        drawn = burning.draw(lots, amount_microcredits=order.amount, now=now)
        if drawn is None:
            raise _refusal(order, burning.usable_microcredits(lots, now))
        shares = drawn
    deadline_at = now + timedelta(seconds=order.ttl_s)
    if not _write_hold(
        order, wallet_id=wallet_id, state=HoldState.HELD, now=now, deadline_at=deadline_at
    ):
        raise _Taken
    if shares:
        _write_draws(order, wallet_id, shares, now)
    return HoldTicket(
        id=order.id,
        person_id=order.person_id,
        state=HoldState.HELD,
        amount_microcredits=order.amount,
        price_version=order.quote.price_version,
        expires_at=deadline_at,
    )


def _reserve(order: _Order) -> tuple[int, datetime]:
    """Take the wallet's lock and the amount in one conditional statement."""
    found = _try_reserve(order)
    if found is None and order.amount == 0:  # free, and nothing was ever granted
        open_wallet(order.person_id)
        found = _try_reserve(order)
    if found is None:
        available = balances.balance(order.person_id).available_microcredits
        raise _refusal(order, available)
    return int(found[0]), dialect.instant(found[1])


def _try_reserve(order: _Order) -> Any | None:
    return dialect.row(
        "UPDATE credits_account SET pending = pending + %s WHERE owner_id = %s"
        f" AND ledger = '{chart.CREDITS}' AND code = '{chart.WALLET}'"
        f" AND credited - debited - pending >= %s RETURNING id, {dialect.now_sql()}",
        order.amount,
        order.person_id,
        order.amount,
    )


def _write_hold(
    order: _Order,
    *,
    wallet_id: int,
    state: HoldState,
    now: datetime,
    deadline_at: datetime,
    available: int | None = None,
) -> bool:
    """Write the hold's row; False when the id is taken."""
    written = dialect.run(
        _INSERT_HOLD,
        order.id,
        order.person_id,
        wallet_id,
        order.amount,
        order.quote.price_version,
        order.product,
        order.quote.consumption.sku,
        order.digest,
        state.value,
        deadline_at,
        available,
        order.key_id,
        now,
        now if state is HoldState.REFUSED else None,
    )
    return written == 1


def _write_draws(
    order: _Order, wallet_id: int, shares: tuple[burning.Share, ...], now: datetime
) -> None:
    for share in sorted(shares, key=lambda share: share.lot_id):
        dialect.run(
            "UPDATE credits_grant SET held_microcredits = held_microcredits + %s WHERE id = %s",
            share.amount_microcredits,
            share.lot_id,
        )
    lines = [
        journal.Line(
            id=new_id(),
            debit=wallet_id,
            credit=order.account,
            amount=share.amount_microcredits,
            code=TransferCode.USAGE,
            kind=TransferKind.PENDING,
            lot_id=share.lot_id,
            hold_id=order.id,
            request_hash=order.digest,
        )
        for share in shares
    ]
    dialect.run_many(
        _INSERT_DRAWS,
        [
            (order.id, line.lot_id, position, line.amount, 0, line.id)
            for position, line in enumerate(lines)
        ],
    )
    journal.write(lines, group_id=order.id, at=now)


def _refusal(order: _Order, available: int) -> InsufficientCredits:
    return InsufficientCredits(needed_microcredits=order.amount, available_microcredits=available)


def _keep_refusal(order: _Order, refusal: InsufficientCredits) -> bool:
    """A refused key stays refused; False when the id belongs to a hold that was placed before."""
    with transaction.atomic():
        wallet_id = open_wallet(order.person_id)
        now = dialect.now()
        return _write_hold(
            order,
            wallet_id=wallet_id,
            state=HoldState.REFUSED,
            now=now,
            deadline_at=now,
            available=refusal.available_microcredits,
        )


def _repeat(order: _Order) -> HoldTicket:
    """What the first request with this id got. Raises IdempotencyConflict for another body."""
    found = dialect.row(
        f"SELECT {holds.TICKET}, request_hash, available_microcredits FROM credits_hold"
        " WHERE id = %s",
        order.id,
    )
    assert found is not None
    if found[-2] != order.digest:
        raise IdempotencyConflict
    ticket = holds.ticket_of(found[:-2])
    if ticket.state is HoldState.REFUSED:
        raise _refusal(order, found[-1])
    return ticket
