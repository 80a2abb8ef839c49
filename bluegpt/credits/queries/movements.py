"""What moved a wallet: found by instant, summed, and streamed, at the cost of what is asked for.

The lines of one wallet are written under its lock, with the database's clock read after it: their
sequences and their instants stand in one order. So an instant is found by halving, and from there
on a period is a range of sequences; sums never read more than the shorter side of the history.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from bluegpt.credits.queries import dialect
from bluegpt.credits.types import Meter, MeterLine, StatementLine, TransferCode

_BATCH_LINES = 500

# What moves a balance; a pending line and a void only reserve and return.
_POSTED = "kind IN ('normal', 'post', 'correct')"
_SIDES = (("credit_account_id", "amount"), ("debit_account_id", "-amount"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A period of one wallet: first <= sequence < end."""

    wallet_id: int
    first: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of a statement, and the transfers that it is made of, by sequence."""

    line: StatementLine
    sequences: tuple[int, ...]


def range_of(*, wallet_id: int, from_at: datetime, until_at: datetime) -> Range:
    """The lines written in the half-open period [from, until)."""
    first = _first_at(wallet_id, from_at)
    return Range(wallet_id=wallet_id, first=first, end=max(first, _first_at(wallet_id, until_at)))


def middle_of(wallet_id: int) -> datetime | None:
    """When the line in the middle of a wallet's history was written; None without lines."""
    first, last = _edge(wallet_id, "ASC", 0), _edge(wallet_id, "DESC", 0)
    if first is None or last is None:
        return None
    middle = _edge(wallet_id, "ASC", (first[0] + last[0]) // 2)
    return (middle or last)[1]


def posted_before(wallet_id: int, sequence: int) -> int:
    """Microcredits posted by the lines before a sequence, held or not.

    Summed from the first line on, or back from what is cached now, whichever is nearer.
    """
    known = _edge(wallet_id, "ASC", 0)
    if known is None:
        return 0
    first, last = known[0], (_edge(wallet_id, "DESC", 0) or known)[0]
    if sequence - first <= last - sequence:
        found = dialect.row(f"SELECT {_sum('<')}", *(wallet_id, sequence) * 2)
    else:
        found = dialect.row(
            f"SELECT credited - debited - ({_sum('>=')}) FROM credits_account WHERE id = %s",
            *(wallet_id, sequence) * 2,
            wallet_id,
        )
    assert found is not None
    return int(found[0])


def movements(period: Range, *, after: int = 0, balance: int) -> Iterator[Movement]:
    """Movements of a period after a sequence, oldest first; `balance` is what was before them.

    One call is one movement, however many lots and steps it used. Memory holds one batch.
    """
    for _key, group in groupby(_lines(period, after), key=lambda row: (row[1], row[2])):
        rows = list(group)
        balance += sum(int(row[7]) for row in rows)
        yield Movement(
            line=_statement_line(rows, balance), sequences=tuple(int(row[0]) for row in rows)
        )


def _first_at(wallet_id: int, at: datetime) -> int:
    """The first sequence of the wallet's lines that were written at `at` or later.

    Beyond its last one when there is none.
    """
    last = _edge(wallet_id, "DESC", 0)
    if last is None:
        return 0
    low, high = 0, last[0] + 1
    while low < high:
        middle = (low + high) // 2
        found = _edge(wallet_id, "ASC", middle)
        if found is None or found[0] >= high or found[1] >= at:
            high = middle
        else:
            low = found[0] + 1
    following = _edge(wallet_id, "ASC", low)
    return last[0] + 1 if following is None else following[0]


def _edge(wallet_id: int, order: str, sequence: int) -> tuple[int, datetime] | None:
    """The first, or last, line of a wallet from a sequence on, and when it was written."""
    sides = " UNION ALL ".join(
        f"SELECT * FROM (SELECT sequence, created_at FROM credits_transfer WHERE {column} = %s"
        f" AND {column} > 0 AND sequence >= %s ORDER BY sequence {order} LIMIT 1) {column}"
        for column, _amount in _SIDES
    )
    found = dialect.row(
        f"SELECT sequence, created_at FROM ({sides}) edge ORDER BY sequence {order} LIMIT 1",
        *(wallet_id, sequence) * 2,
    )
    return None if found is None else (int(found[0]), dialect.instant(found[1]))


def _sum(comparison: str) -> str:
    """What lines before or from a sequence on posted, as an expression with four parameters."""
    return " + ".join(
        f"(SELECT coalesce(sum({amount}), 0) FROM credits_transfer WHERE {column} = %s"
        f" AND {column} > 0 AND sequence {comparison} %s AND {_POSTED})"
        for column, amount in _SIDES
    )


def _lines(period: Range, after: int) -> Iterator[Any]:
    """Posted lines one by one, each with its call and with the line that it corrects."""
    columns = "sequence, group_id, code, created_at, reason, author, reference"
    sides = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {columns}, {amount} AS signed, hold_id, corrects_id"
        f" FROM credits_transfer WHERE {column} = %s AND {column} > 0 AND sequence > %s"
        f" AND sequence < %s AND {_POSTED} ORDER BY sequence LIMIT {_BATCH_LINES}) {column}"
        for column, amount in _SIDES
    )
    sql = (
        f"SELECT t.*, f.id, f.product, f.sku, f.price_version_id, f.consumption, f.usage_source,"
        " f.settled_context_tokens, f.absorbed_microcredits, c.group_id"
        f" FROM (SELECT * FROM ({sides}) u ORDER BY sequence LIMIT {_BATCH_LINES}) t"
        " LEFT JOIN credits_hold h ON h.id = t.hold_id"
        " LEFT JOIN credits_hold f ON f.id = coalesce(h.extends_id, h.id)"
        " LEFT JOIN credits_transfer c ON c.id = t.corrects_id ORDER BY t.sequence"
    )
    last = max(after, period.first - 1)
    while True:
        found = dialect.rows(sql, *(period.wallet_id, last, period.end) * 2)
        yield from found
        if len(found) < _BATCH_LINES:
            return
        last = found[-1][0]


def _statement_line(rows: list[Any], balance: int) -> StatementLine:
    """Lines of one group with one code. Usage and loss belong to the charge alone."""
    _sequence, group_id, code, created_at, reason, author, reference = rows[0][:7]
    hold_id, product, sku, price_version, consumption, source, context, absorbed = rows[0][10:18]
    is_usage = code == TransferCode.USAGE
    corrects = rows[0][18]
    return StatementLine(
        group_id=dialect.uuid(group_id),
        code=code,
        created_at=dialect.instant(created_at),
        amount_microcredits=sum(int(row[7]) for row in rows),
        balance_after_microcredits=balance,
        reason=reason,
        author=author,
        reference=reference,
        hold_id=None if hold_id is None else dialect.uuid(hold_id),
        product=product or "",
        sku=sku or "",
        price_version=price_version,
        usage=_usage(consumption) if is_usage else (),
        usage_source=(source or "") if is_usage else "",
        context_tokens=context if is_usage else None,
        absorbed_microcredits=absorbed if is_usage else 0,
        corrects=None if corrects is None else dialect.uuid(corrects),
    )


def _usage(consumption: Any) -> tuple[MeterLine, ...]:
    """Quantities in the order of the meters. Hand-written SQL gives JSON as the driver has it."""
    quantities = json.loads(consumption) if isinstance(consumption, str) else consumption or {}
    return tuple(
        MeterLine(meter=meter, quantity=quantities[meter]) for meter in Meter if meter in quantities
    )
