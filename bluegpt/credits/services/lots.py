"""Lots come into being and expire."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bluegpt.accounts.services import activity
from bluegpt.core.events import publish
from bluegpt.core.ids import new_id
from bluegpt.core.writing import written
from bluegpt.credits.errors import IdempotencyConflict
from bluegpt.credits.events import LotEndsSoon
from bluegpt.credits.queries import dialect
from bluegpt.credits.rules import chart
from bluegpt.credits.rules.burning import is_expired
from bluegpt.credits.rules.digests import lot_digest
from bluegpt.credits.services import debts, journal
from bluegpt.credits.services.accounts import open_wallet
from bluegpt.credits.types import Category, NewLot, TransferCode, TransferKind

_INSERT = (
    "INSERT INTO credits_grant (id, wallet_id, category, amount_microcredits, used_microcredits,"
    " held_microcredits, expired_microcredits, clawed_back_microcredits, priority, effective_at,"
    " expires_at, source_kind, source_id, request_hash, paid_minor_units, paid_currency, reason,"
    " author, created_at) VALUES (%s, %s, %s, %s, 0, 0, 0, 0, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
    " %s, %s) ON CONFLICT (source_kind, source_id) DO NOTHING"
)


def open_lot(lot: NewLot) -> UUID:
    """Grant a lot; its id. The same source again gives the same lot.

    Raises IdempotencyConflict when the source was granted with another content, ValueError for an
    amount that is not positive and for a lot that would end before it starts.
    """
    digest = lot_digest(lot)

    def line_of(wallet_id: int, lot_id: UUID) -> list[journal.Line]:
        return [
            journal.Line(
                id=new_id(),
                debit=chart.ISSUED[lot.category],
                credit=wallet_id,
                amount=lot.amount_microcredits,
                code=TransferCode.GRANT,
                kind=TransferKind.NORMAL,
                lot_id=lot_id,
                reference=reference_of(lot),
                request_hash=digest,
                author=lot.author,
                reason=lot.reason,
            )
        ]

    return write_lot(lot, digest=digest, lines_of=line_of)


def reference_of(lot: NewLot) -> str:
    """The business document behind a lot, as its lines name it."""
    return f"{lot.source_kind}:{lot.source_id}"


@written
def write_lot(
    lot: NewLot, *, digest: str, lines_of: Callable[[int, UUID], list[journal.Line]]
) -> UUID:
    """Write a lot and the lines that bring it, which `lines_of` makes of wallet and lot.

    A debt is paid from it at once. Raises what `open_lot` raises.
    """
    if lot.amount_microcredits <= 0:
        raise ValueError("a lot has a positive amount")
    lot_id = new_id()
    wallet_id = open_wallet(lot.person_id)
    now = _credit(wallet_id, amount=lot.amount_microcredits)
    effective_at = lot.effective_at or now
    # A repeated grant may come after the lot's end: then only the old one counts.
    is_late = is_expired(lot.expires_at, effective_at)
    if is_late or not _insert(
        lot,
        lot_id=lot_id,
        wallet_id=wallet_id,
        digest=digest,
        effective_at=effective_at,
        now=now,
    ):
        _credit(wallet_id, amount=-lot.amount_microcredits)
        return _known(lot, digest)
    journal.write(lines_of(wallet_id, lot_id), group_id=lot_id, at=now, effective_at=effective_at)
    debts.collect(person_id=lot.person_id, wallet_id=wallet_id, now=now)
    if lot.category is Category.PAID:
        activity.note(person_id=lot.person_id)
    return lot_id


@written
def expire(lot_id: UUID) -> int:
    """Move what is left of a lot past its end to breakage; the microcredits moved.

    What a call still holds stays usable: it goes to breakage when the call returns it.
    Nothing happens before the end, or twice.
    """
    wallet = dialect.row(
        "SELECT id FROM credits_account"
        " WHERE id = (SELECT wallet_id FROM credits_grant WHERE id = %s)" + dialect.lock_sql(),
        lot_id,
    )
    if wallet is None:
        return 0
    found = dialect.row(
        "SELECT amount_microcredits - used_microcredits - held_microcredits"
        " - expired_microcredits - clawed_back_microcredits, expires_at,"
        f" {dialect.now_sql()} FROM credits_grant WHERE id = %s",
        lot_id,
    )
    assert found is not None
    left, now = int(found[0]), dialect.instant(found[2])
    if left == 0 or not is_expired(dialect.instant_or_none(found[1]), now):
        return 0
    dialect.run("UPDATE credits_account SET debited = debited + %s WHERE id = %s", left, *wallet)
    dialect.run(
        "UPDATE credits_grant SET expired_microcredits = expired_microcredits + %s WHERE id = %s",
        left,
        lot_id,
    )
    line = breakage(wallet_id=wallet[0], lot_id=lot_id, amount=left)
    journal.write([line], group_id=line.id, at=now)
    return left


def tell_end(lot_id: UUID) -> bool:
    """Publish, once per lot, that it ends soon; False when that was done before."""
    with transaction.atomic():
        is_first = dialect.run(
            f"UPDATE credits_grant SET end_told_at = {dialect.now_sql()}"
            " WHERE id = %s AND end_told_at IS NULL",
            lot_id,
        )
        if is_first:
            publish(LotEndsSoon(lot_id=lot_id))
    return bool(is_first)


def breakage(
    *, wallet_id: int, lot_id: UUID, amount: int, hold_id: UUID | None = None
) -> journal.Line:
    """The line that takes expired microcredits out of a wallet."""
    return journal.Line(
        id=new_id(),
        debit=wallet_id,
        credit=chart.Platform.BREAKAGE,
        amount=amount,
        code=TransferCode.EXPIRY,
        kind=TransferKind.NORMAL,
        lot_id=lot_id,
        hold_id=hold_id,
    )


def _credit(wallet_id: int, *, amount: int) -> datetime:
    found = dialect.row(
        "UPDATE credits_account SET credited = credited + %s WHERE id = %s"
        f" RETURNING {dialect.now_sql()}",
        amount,
        wallet_id,
    )
    assert found is not None
    return dialect.instant(found[0])


def _insert(
    lot: NewLot,
    *,
    lot_id: UUID,
    wallet_id: int,
    digest: str,
    effective_at: datetime,
    now: datetime,
) -> bool:
    """Write the lot's row; False when its source has one already."""
    written = dialect.run(
        _INSERT,
        lot_id,
        wallet_id,
        lot.category.value,
        lot.amount_microcredits,
        lot.priority,
        effective_at,
        lot.expires_at,
        lot.source_kind,
        lot.source_id,
        digest,
        lot.paid_minor_units,
        lot.paid_currency,
        lot.reason,
        lot.author,
        now,
    )
    return written == 1


def _known(lot: NewLot, digest: str) -> UUID:
    found = dialect.row(
        "SELECT id, request_hash FROM credits_grant WHERE source_kind = %s AND source_id = %s",
        lot.source_kind,
        lot.source_id,
    )
    if found is None:
        raise ValueError("a lot ends after it starts")
    if found[1] != digest:
        raise IdempotencyConflict
    return dialect.uuid(found[0])
