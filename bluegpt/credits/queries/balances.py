"""What a person can spend, and the lots it comes from."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bluegpt.credits.queries import dialect
from bluegpt.credits.rules import burning
from bluegpt.credits.rules.burning import OpenLot
from bluegpt.credits.rules.chart import CREDITS, DEBT, WALLET
from bluegpt.credits.types import Balance, Category, ExpiringLot, Lot

_AVAILABLE = (
    "g.amount_microcredits - g.used_microcredits - g.held_microcredits"
    " - g.expired_microcredits - g.clawed_back_microcredits"
)
# What calls under way hold is left too: most of it returns.
_LEFT = (
    "g.amount_microcredits - g.used_microcredits - g.expired_microcredits"
    " - g.clawed_back_microcredits"
)
_ENDING = f"g.id, a.owner_id, {_LEFT}, g.expires_at"
_OPEN_LOT = f"g.id, g.category, g.priority, g.effective_at, g.expires_at, {_AVAILABLE}"
_WALLET = f"a.owner_id = %s AND a.ledger = '{CREDITS}' AND a.code = '{WALLET}'"

_SPENDING = (
    "SELECT EXISTS (SELECT 1 FROM credits_cap c WHERE c.person_id = a.owner_id),"
    f" {_OPEN_LOT} FROM credits_account a"
    f" LEFT JOIN credits_grant g ON g.wallet_id = a.id AND {_AVAILABLE} > 0 WHERE {_WALLET}"
)


def balance(person_id: UUID) -> Balance:
    """What can be spent now, and what calls under way have reserved. Zero for a stranger."""
    found = dialect.rows(
        f"SELECT a.pending, {dialect.now_sql()}, {_OPEN_LOT} FROM credits_account a"
        f" LEFT JOIN credits_grant g ON g.wallet_id = a.id AND {_AVAILABLE} > 0 WHERE {_WALLET}",
        person_id,
    )
    if not found:
        return Balance(available_microcredits=0, held_microcredits=0)
    lots = [_open_lot(row[2:]) for row in found if row[2] is not None]
    return Balance(
        available_microcredits=burning.usable_microcredits(lots, dialect.instant(found[0][1])),
        held_microcredits=found[0][0],
    )


def lots(person_id: UUID) -> tuple[Lot, ...]:
    """Lots with something left or held, in burn order; those that start later included."""
    found = dialect.rows(
        f"SELECT {dialect.now_sql()}, {_OPEN_LOT}, g.amount_microcredits, g.used_microcredits,"
        " g.held_microcredits, g.reason FROM credits_grant g"
        f" JOIN credits_account a ON a.id = g.wallet_id WHERE {_WALLET}"
        f" AND ({_AVAILABLE} > 0 OR g.held_microcredits > 0)",
        person_id,
    )
    rows = {dialect.uuid(row[1]): row for row in found}
    order = burning.burn_order(_open_lot(row[1:7]) for row in rows.values())
    shown = (_lot(lot, rows[lot.id][7:], dialect.instant(rows[lot.id][0])) for lot in order)
    return tuple(lot for lot in shown if lot.remaining_microcredits or lot.held_microcredits)


def spending(person_id: UUID) -> dialect.Statement:
    """The statement whose rows `spendable` reads. Run it under the wallet's lock."""
    return _SPENDING, (person_id,)


def spendable(rows: list[Any]) -> tuple[list[OpenLot], bool]:
    """Lots with something available, usable now or not, and whether the person has any caps."""
    lots = [_open_lot(row[1:]) for row in rows if row[1] is not None]
    return lots, any(row[0] for row in rows)


def open_lots(wallet_id: int) -> list[OpenLot]:
    """Lots of a wallet with something available, whether usable now or not."""
    found = dialect.rows(
        f"SELECT {_OPEN_LOT} FROM credits_grant g WHERE g.wallet_id = %s AND {_AVAILABLE} > 0",
        wallet_id,
    )
    return [_open_lot(row) for row in found]


def wallet_of(person_id: UUID) -> int | None:
    """The number of a person's wallet, None when nothing was ever granted or held."""
    found = dialect.row(f"SELECT a.id FROM credits_account a WHERE {_WALLET}", person_id)
    return None if found is None else int(found[0])


def debt(person_id: UUID) -> int:
    """Microcredits that a person owes: spent, and their payment taken back."""
    found = dialect.row(
        "SELECT debited - credited FROM credits_account WHERE owner_id = %s"
        f" AND ledger = '{CREDITS}' AND code = '{DEBT}'",
        person_id,
    )
    return 0 if found is None else int(found[0])


def debtors(limit: int) -> tuple[UUID, ...]:
    """People who owe something and have something."""
    found = dialect.rows(
        "SELECT d.owner_id FROM credits_account d JOIN credits_account a"
        " ON a.owner_id = d.owner_id AND a.ledger = d.ledger"
        f" WHERE d.code = '{DEBT}' AND d.debited > d.credited AND a.code = '{WALLET}'"
        " AND a.credited - a.debited - a.pending > 0 ORDER BY d.id LIMIT %s",
        limit,
    )
    return tuple(dialect.uuid(row[0]) for row in found)


def lots_to_expire(limit: int) -> tuple[UUID, ...]:
    """Lots past their end with something left that is not held, the oldest first."""
    found = dialect.rows(
        f"SELECT g.id FROM credits_grant g WHERE g.expires_at <= {dialect.now_sql()}"
        f" AND {_AVAILABLE} > 0 ORDER BY g.expires_at, g.id LIMIT %s",
        limit,
    )
    return tuple(dialect.uuid(row[0]) for row in found)


def expiring(person_id: UUID, within_days: int) -> tuple[ExpiringLot, ...]:
    """A person's lots that end within some days with something left, the first to end first."""
    found = dialect.rows(
        f"SELECT {_ENDING} FROM credits_grant g JOIN credits_account a ON a.id = g.wallet_id"
        f" WHERE {_WALLET} AND {_LEFT} > 0 AND g.expires_at > {dialect.now_sql()}"
        " AND g.expires_at <= %s ORDER BY g.expires_at, g.id",
        person_id,
        dialect.now() + timedelta(days=within_days),
    )
    return tuple(_ending_lot(row) for row in found)


def ending_lot(lot_id: UUID) -> ExpiringLot | None:
    """One lot that ends, None when it has ended or nothing is left of it."""
    found = dialect.row(
        f"SELECT {_ENDING} FROM credits_grant g JOIN credits_account a ON a.id = g.wallet_id"
        f" WHERE g.id = %s AND {_LEFT} > 0 AND g.expires_at > {dialect.now_sql()}",
        lot_id,
    )
    return None if found is None else _ending_lot(found)


def lots_to_tell(limit: int, *, within_days: int) -> tuple[UUID, ...]:
    """Lots that end within some days with something left, whose owners were not told yet."""
    found = dialect.rows(
        "SELECT g.id FROM credits_grant g WHERE g.end_told_at IS NULL"
        f" AND g.expires_at > {dialect.now_sql()} AND g.expires_at <= %s AND {_LEFT} > 0"
        " ORDER BY g.expires_at, g.id LIMIT %s",
        dialect.now() + timedelta(days=within_days),
        limit,
    )
    return tuple(dialect.uuid(row[0]) for row in found)


def _open_lot(row: Any) -> OpenLot:
    lot_id, category, priority, effective_at, expires_at, available = row
    return OpenLot(
        id=dialect.uuid(lot_id),
        category=Category(category),
        priority=priority,
        effective_at=dialect.instant(effective_at),
        expires_at=dialect.instant_or_none(expires_at),
        available_microcredits=available,
    )


def _lot(lot: OpenLot, row: Any, now: datetime) -> Lot:
    """What has expired does not remain, even before it is booked."""
    is_over = burning.is_expired(lot.expires_at, now)
    amount, used, held, reason = row
    return Lot(
        id=lot.id,
        category=lot.category,
        amount_microcredits=amount,
        used_microcredits=used,
        held_microcredits=held,
        remaining_microcredits=0 if is_over else lot.available_microcredits,
        effective_at=lot.effective_at,
        expires_at=lot.expires_at,
        reason=reason,
    )


def _ending_lot(row: Any) -> ExpiringLot:
    lot_id, person_id, left, expires_at = row
    return ExpiringLot(
        id=dialect.uuid(lot_id),
        person_id=dialect.uuid(person_id),
        left_microcredits=left,
        expires_at=dialect.instant(expires_at),
    )
