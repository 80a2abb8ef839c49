"""A person's statement: any period, opening + movements = closing, from the journal alone."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.balances import wallet_of
from bluegpt.credits.types import Meter, MeterLine, Statement, StatementLine, TransferCode

# What moves a balance; a pending line and a void only reserve and return.
_COLUMNS = "sequence, group_id, code, created_at, hold_id, reason, author"
_MOVEMENTS = (
    f"SELECT {_COLUMNS}, amount AS signed FROM credits_transfer"
    " WHERE credit_account_id = %s AND credit_account_id > 0"
    " AND kind IN ('normal', 'post', 'correct') AND created_at < %s"
    f" UNION ALL SELECT {_COLUMNS}, -amount FROM credits_transfer"
    " WHERE debit_account_id = %s AND debit_account_id > 0"
    " AND kind IN ('normal', 'post', 'correct') AND created_at < %s"
)


def balance_at(person_id: UUID, at: datetime) -> int:
    """Microcredits that were posted before an instant, held or not."""
    wallet_id = wallet_of(person_id)
    return 0 if wallet_id is None else _posted_before(wallet_id, at)


def statement(
    *, person_id: UUID, from_at: datetime, until_at: datetime, cursor: int = 0, limit: int = 100
) -> Statement:
    """Movements in the half-open period [from, until), oldest first, one page at a time.

    Opening and closing are the period's, on every page. One call is one line, however many lots
    it used. `cursor` is the `next_cursor` of the page before.
    """
    wallet_id = wallet_of(person_id)
    if wallet_id is None:
        return Statement(opening_microcredits=0, closing_microcredits=0, lines=(), next_cursor=0)
    opening = _posted_before(wallet_id, from_at)
    balance = opening + _posted_up_to(wallet_id, from_at, until_at, cursor)
    lines = []
    rows = _rows(wallet_id, from_at, until_at, cursor, limit + 1)
    for row in rows[:limit]:
        balance += int(row[6])
        lines.append(_line(row, balance))
    return Statement(
        opening_microcredits=opening,
        closing_microcredits=_posted_before(wallet_id, until_at),
        lines=tuple(lines),
        next_cursor=rows[limit - 1][0] if len(rows) > limit else 0,
    )


def _posted_before(wallet_id: int, at: datetime) -> int:
    found = dialect.row(
        f"SELECT coalesce(sum(signed), 0) FROM ({_MOVEMENTS}) m", wallet_id, at, wallet_id, at
    )
    return int(found[0]) if found else 0


def _posted_up_to(wallet_id: int, from_at: datetime, until_at: datetime, cursor: int) -> int:
    """What the pages before this one moved."""
    if cursor == 0:
        return 0
    found = dialect.row(
        f"SELECT coalesce(sum(signed), 0) FROM ({_MOVEMENTS}) m"
        " WHERE created_at >= %s AND sequence <= %s",
        wallet_id,
        until_at,
        wallet_id,
        until_at,
        from_at,
        cursor,
    )
    return int(found[0]) if found else 0


def _rows(
    wallet_id: int, from_at: datetime, until_at: datetime, cursor: int, limit: int
) -> list[Any]:
    """Lines of a group with one code are one movement; `sequence` is that of its last line."""
    return dialect.rows(
        "SELECT m.last, m.group_id, m.code, m.created_at, m.reason, m.author, m.signed, h.id,"
        " h.product, h.sku, h.price_version_id, h.consumption, h.usage_source FROM"
        " (SELECT max(sequence) AS last, group_id, code, created_at, hold_id,"
        " max(reason) AS reason, max(author) AS author, sum(signed) AS signed"
        f" FROM ({_MOVEMENTS}) lines WHERE created_at >= %s AND sequence > %s"
        " GROUP BY group_id, code, created_at, hold_id ORDER BY max(sequence) LIMIT %s) m"
        " LEFT JOIN credits_hold h ON h.id = m.hold_id ORDER BY m.last",
        wallet_id,
        until_at,
        wallet_id,
        until_at,
        from_at,
        cursor,
        limit,
    )


def _line(row: Any, balance_after: int) -> StatementLine:
    group_id, code, created_at, reason, author, signed, hold_id = row[1:8]
    product, sku, price_version, consumption, usage_source = row[8:]
    return StatementLine(
        group_id=dialect.uuid(group_id),
        code=code,
        created_at=dialect.instant(created_at),
        amount_microcredits=int(signed),
        balance_after_microcredits=balance_after,
        reason=reason,
        author=author,
        hold_id=None if hold_id is None else dialect.uuid(hold_id),
        product=product or "",
        sku=sku or "",
        price_version=price_version,
        usage=_usage(consumption) if code == TransferCode.USAGE else (),
        usage_source=usage_source or "",
    )


def _usage(consumption: Any) -> tuple[MeterLine, ...]:
    """Quantities in the order of the meters. Hand-written SQL gives JSON as the driver has it."""
    quantities = json.loads(consumption) if isinstance(consumption, str) else consumption or {}
    return tuple(
        MeterLine(meter=meter, quantity=quantities[meter]) for meter in Meter if meter in quantities
    )
