"""How a hold comes into being: the wallet's condition, the caps, the lots it draws on.

Each is one short transaction that joins the caller's when one is open. Locks are taken in one
order everywhere: the hold's row, the wallet, caps, then lots by id. Whoever has the wallet's row
has the wallet: its lots, draws and caps are only written under that lock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bluegpt.core.ids import new_id
from bluegpt.core.writing import write
from bluegpt.credits.errors import (
    CapReached,
    DebtOutstanding,
    HoldResolved,
    IdempotencyConflict,
    InsufficientCredits,
    UnknownHold,
)
from bluegpt.credits.queries import balances, dialect, holds
from bluegpt.credits.rules import burning, chart
from bluegpt.credits.rules.digests import digest_of
from bluegpt.credits.services import caps, journal, one_call
from bluegpt.credits.services.accounts import open_wallet
from bluegpt.credits.services.orders import Order
from bluegpt.credits.types import HoldState, HoldTicket, TransferCode, TransferKind

_INSERT_HOLD = (
    "INSERT INTO credits_hold (id, person_id, wallet_id, amount_microcredits, price_version_id,"
    " product, sku, request_hash, state, deadline_at, available_microcredits, key_id, extends_id,"
    " created_at, resolved_at, charged_microcredits, absorbed_microcredits,"
    " corrected_microcredits, written_off_microcredits, usage_source, consumption, reason)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, 0, 0, 0, '', '{}', '')"
    " ON CONFLICT (id) DO NOTHING"
)
_INSERT_DRAWS = (
    "INSERT INTO credits_draw (hold_id, lot_id, position, held_microcredits,"
    " settled_microcredits, transfer_id)"
)
_HOLD_OF_LOT = "UPDATE credits_grant SET held_microcredits = held_microcredits + %s WHERE id = %s"


class _Taken(Exception):
    """A hold of this id exists already."""


def place(order: Order) -> HoldTicket:
    """Reserve. The same order again gives the same hold; a key without funds stays refused.

    A cap or a debt refuses too, but leaves the key free: once it is lifted, the same request
    may come again. Raises InsufficientCredits, CapReached, DebtOutstanding, IdempotencyConflict.
    """
    ticket = _placed_in_one_call(order)
    if ticket is not None:
        return ticket
    try:
        return write(lambda: _place(order))
    except _Taken:
        return _repeat(order)
    except InsufficientCredits as refusal:
        if not _keep_refusal(order, refusal):
            return _repeat(order)
        raise
    except (CapReached, DebtOutstanding):
        if holds.is_known(order.id):
            return _repeat(order)
        raise


def _placed_in_one_call(order: Order) -> HoldTicket | None:
    """The ordinary hold of PostgreSQL; None when it is not ordinary, or another database."""
    if order.amount == 0 or not dialect.has_functions():
        return None
    deadline_at = one_call.place(order)
    return None if deadline_at is None else _ticket(order, deadline_at)


def place_step(*, hold_id: UUID, step_id: UUID, amount_microcredits: int) -> HoldTicket:
    """Reserve more for a call under way, in a hold that `extends` its first one.

    A step without funds leaves its key free: the call may ask for less. Raises what `place`
    raises, UnknownHold, and HoldResolved when the call has ended.
    """
    if amount_microcredits <= 0:
        raise ValueError("a step reserves something")

    def act() -> HoldTicket:
        order = _step_of(hold_id, step_id, amount_microcredits)
        try:
            with transaction.atomic():
                return _place(order)
        except _Taken:
            return _repeat(order)
        except (InsufficientCredits, CapReached, DebtOutstanding):
            if holds.is_known(step_id):
                return _repeat(order)
            raise

    return write(act)


def _step_of(hold_id: UUID, step_id: UUID, amount: int) -> Order:
    """A step like its call's first hold, whose row is locked: it cannot end meanwhile."""
    found = dialect.row(
        "SELECT person_id, price_version_id, product, sku, key_id, state, extends_id"
        " FROM credits_hold WHERE id = %s AND state <> 'refused'" + dialect.lock_sql(),
        hold_id,
    )
    if found is None:
        raise UnknownHold
    person_id, price_version, product, sku, key_id, state, extends_id = found
    if state not in (HoldState.HELD, HoldState.DISPATCHED):
        raise HoldResolved
    if extends_id is not None:
        raise ValueError("a step extends the first hold of its call")
    return Order(
        id=step_id,
        person_id=dialect.uuid(person_id),
        amount=amount,
        price_version=price_version,
        product=product,
        sku=sku,
        ttl_s=0,  # the first hold's deadline is the call's
        key_id=None if key_id is None else dialect.uuid(key_id),
        digest=digest_of(hold_id, amount),
        state=HoldState(state),
        extends_id=hold_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """How an order's row is written."""

    wallet_id: int
    state: HoldState
    now: datetime
    deadline_at: datetime


def _place(order: Order) -> HoldTicket:
    """Reserve in the wallet, count against the caps, draw on the lots, write it all down."""
    wallet_id, now, found = _reserve(order)
    shares: tuple[burning.Share, ...] = ()
    if order.amount:
        lots, has_caps = balances.spendable(found)
        if has_caps:
            caps.reserve(
                person_id=order.person_id,
                key_id=order.key_id,
                amount_microcredits=order.amount,
                now=now,
            )
        drawn = burning.draw(lots, amount_microcredits=order.amount, now=now)
        if drawn is None:
            raise _refusal(order, burning.usable_microcredits(lots, now))
        shares = drawn
    deadline_at = now + timedelta(seconds=order.ttl_s)
    kept = _Kept(wallet_id=wallet_id, state=order.state, now=now, deadline_at=deadline_at)
    _write(order, kept, shares)
    return _ticket(order, deadline_at)


def _ticket(order: Order, deadline_at: datetime) -> HoldTicket:
    return HoldTicket(
        id=order.id,
        person_id=order.person_id,
        state=order.state,
        amount_microcredits=order.amount,
        price_version=order.price_version,
        expires_at=deadline_at,
    )


def _reserve(order: Order) -> tuple[int, datetime, list[Any]]:
    """Take the wallet's lock and the amount in one conditional statement; then read its lots."""
    taken, lots = _try_reserve(order)
    if not taken and order.amount == 0:  # free, and nothing was ever granted
        open_wallet(order.person_id)
        taken, lots = _try_reserve(order)
    if not taken:
        debt = balances.debt(order.person_id)
        if debt:
            raise DebtOutstanding(debt_microcredits=debt)
        available = balances.balance(order.person_id).available_microcredits
        raise _refusal(order, available)
    return int(taken[0][0]), dialect.instant(taken[0][1]), lots


def _try_reserve(order: Order) -> tuple[list[Any], list[Any]]:
    """The wallet, and its lots as they stand under its lock.

    No wallet when it has too little, or a debt is to be paid first.
    """
    reserving = (
        "UPDATE credits_account SET pending = pending + %s WHERE owner_id = %s"
        f" AND ledger = '{chart.CREDITS}' AND code = '{chart.WALLET}'"
        " AND credited - debited - pending >= %s"
        " AND NOT EXISTS (SELECT 1 FROM credits_account d WHERE d.owner_id = %s"
        f" AND d.ledger = '{chart.CREDITS}' AND d.code = '{chart.DEBT}' AND d.debited > d.credited)"
        f" RETURNING id, {dialect.now_sql()}"
    )
    wallet, lots = dialect.together(
        (reserving, (order.amount, order.person_id, order.amount, order.person_id)),
        balances.spending(order.person_id),
    )
    return wallet.rows, lots.rows


def _write(order: Order, kept: _Kept, shares: tuple[burning.Share, ...]) -> None:
    """Write the hold, its draws and its lines. Raises _Taken when the id has a hold."""
    statements = [_writing_hold(order, kept)]
    if shares:
        statements += _writing_draws(order, kept, shares)
    try:
        written = dialect.together(*statements)
    except IntegrityError as error:
        # The draws of a hold that was there before stand in the way of these.
        raise _Taken from error
    if written[0].touched == 0:
        raise _Taken


def _writing_hold(order: Order, kept: _Kept, available: int | None = None) -> dialect.Statement:
    """The statement that writes the hold's row, and touches nothing when the id is taken."""
    return _INSERT_HOLD, (
        order.id,
        order.person_id,
        kept.wallet_id,
        order.amount,
        order.price_version,
        order.product,
        order.sku,
        order.digest,
        kept.state.value,
        kept.deadline_at,
        available,
        order.key_id,
        order.extends_id,
        kept.now,
        kept.now if kept.state is HoldState.REFUSED else None,
    )


def _writing_draws(
    order: Order, kept: _Kept, shares: tuple[burning.Share, ...]
) -> list[dialect.Statement]:
    """What is held of each lot, the draws in burn order, a pending line for each."""
    lines = [
        journal.Line(
            id=new_id(),
            debit=kept.wallet_id,
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
    draws = [
        (order.id, line.lot_id, position, line.amount, 0, line.id)
        for position, line in enumerate(lines)
    ]
    return [
        *(
            (_HOLD_OF_LOT, (share.amount_microcredits, share.lot_id))
            for share in sorted(shares, key=lambda share: share.lot_id)
        ),
        dialect.inserting(_INSERT_DRAWS, draws),
        journal.writing(lines, group_id=order.id, at=kept.now),
    ]


def _refusal(order: Order, available: int) -> InsufficientCredits:
    return InsufficientCredits(needed_microcredits=order.amount, available_microcredits=available)


def _keep_refusal(order: Order, refusal: InsufficientCredits) -> bool:
    """A refused key stays refused; False when the id belongs to a hold that was placed before."""

    def act() -> bool:
        now = dialect.now()
        wallet_id = open_wallet(order.person_id)
        kept = _Kept(wallet_id=wallet_id, state=HoldState.REFUSED, now=now, deadline_at=now)
        statement = _writing_hold(order, kept, available=refusal.available_microcredits)
        return dialect.together(statement)[0].touched == 1

    return write(act)


def _repeat(order: Order) -> HoldTicket:
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
