"""Reading the journal from its first line, wallet by wallet, and rebuilding everything from it.

The journal alone decides here: sums, lots and reservations grow from nothing, and are compared
with what the tables have cached only when a wallet's last line has been read. Memory holds one
wallet's lots and open reservations at a time, whatever the size of the journal.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.findings import ROWS_NAMED_MAX
from bluegpt.credits.queries.spans import BEFORE_ALL_IDS, stream
from bluegpt.credits.rules.burning import OpenLot, draw
from bluegpt.credits.rules.chart import WALLET, Platform
from bluegpt.credits.types import Category


class Line(NamedTuple):
    """A line of the journal as one of its wallets sees it.

    `reservation` is the id of the pending line: its own, or the one that a post or void ends.
    Ids are texts: nothing but their equality matters here, and millions of them are read.
    """

    account: int
    sequence: int
    is_credit: bool
    other: int
    group_id: str
    kind: str
    amount: int
    lot_id: str | None
    reservation: str | None
    created_at: Any


_GROUP_ID = Line._fields.index("group_id")


@dataclass(slots=True)
class _Lot:
    """A lot as the journal tells it, the facts that place it in the burn order, what is cached."""

    id: UUID
    category: Category
    priority: int
    effective_at: datetime
    expires_at: datetime | None
    cached: tuple[int, ...]
    granted: int = 0
    used: int = 0
    held: int = 0
    expired: int = 0
    clawed_back: int = 0

    @property
    def available(self) -> int:
        return self.granted - self.used - self.held - self.expired - self.clawed_back

    @property
    def parts(self) -> tuple[int, ...]:
        return (self.granted, self.used, self.held, self.expired, self.clawed_back)


@dataclass(slots=True)
class _Wallet:
    """A wallet as the journal tells it. `open` are its lots with something available."""

    id: int
    lots: dict[str, _Lot]
    open: dict[str, _Lot] = field(default_factory=dict)
    credited: int = 0
    debited: int = 0
    pending: int = 0
    reserved: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Told:
    """What the journal told: rows that break an invariant, by its number, and sums of all lots.

    `parts` are granted, used, held, expired and clawed back, by category.
    """

    rows: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    wallets: int = 0
    lines: int = 0
    holds: int = 0
    parts: dict[Category, list[int]] = field(
        default_factory=lambda: {category: [0] * 5 for category in Category}
    )
    in_wallets: int = 0
    pending: int = 0

    def broken(self, invariant: str, row: str) -> None:
        """The first rows of each invariant are kept."""
        if len(self.rows[invariant]) < ROWS_NAMED_MAX:
            self.rows[invariant].append(row)


class _ByWallet:
    """An ordered stream, handed out wallet by wallet. Rows of no known wallet are passed over."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def of(self, wallet_id: int) -> Iterator[Any]:
        while self._next is not None and self._next[0] < wallet_id:
            self._next = next(self._groups, None)
        if self._next is not None and self._next[0] == wallet_id:
            return self._next[1]
        return iter(())


def read(as_of: datetime | None = None) -> Told:
    """Read every line, or those written before an instant; then nothing cached is compared."""
    told = Told()
    journal, lots = _ByWallet(_lines(as_of)), _ByWallet(_lots())
    for row in _accounts():
        wallet = _Wallet(id=row[0], lots={})
        wallet.lots = {facts[1]: _lot(facts) for facts in lots.of(wallet.id)}
        for _group_id, group in groupby(journal.of(wallet.id), key=itemgetter(_GROUP_ID)):
            _read_group(wallet, list(group), told)
        if as_of is None:
            _compare(wallet, row, told)
        _add_up(wallet, told)
    return told


def _read_group(wallet: _Wallet, lines: list[Line], told: Told) -> None:
    """Apply one group; one that reserves is drawn again first."""
    if lines[0].kind == "pending":
        told.holds += 1
        _draw_again(wallet, lines, told)
    for line in lines:
        if not _apply(wallet, line):
            told.broken("5", f"transfer {line.sequence} does not fit what came before it")
    told.lines += len(lines)
    if wallet.pending < 0 or wallet.debited + wallet.pending > wallet.credited:
        told.broken("2", f"wallet {wallet.id} after transfer {lines[-1].sequence}")


def _draw_again(wallet: _Wallet, lines: list[Line], told: Told) -> None:
    now = dialect.instant(lines[0].created_at)
    open_lots = [_open_lot(lot) for lot in wallet.open.values()]
    shares = draw(open_lots, amount_microcredits=sum(line.amount for line in lines), now=now)
    again = [(share.lot_id.hex, share.amount_microcredits) for share in shares or ()]
    if again != [(line.lot_id, line.amount) for line in lines]:
        told.broken("10", f"hold {UUID(lines[0].group_id)}")


def _apply(wallet: _Wallet, line: Line) -> bool:
    """One line's effect on its wallet and lot; False when it has nothing to act on."""
    lot = wallet.lots.get(line.lot_id or "")
    if lot is None or line.lot_id is None:
        return False
    fits = _move(wallet, lot, line)
    if lot.available > 0:
        wallet.open[line.lot_id] = lot
    else:
        wallet.open.pop(line.lot_id, None)
    return fits


def _move(wallet: _Wallet, lot: _Lot, line: Line) -> bool:
    if line.kind == "pending":
        wallet.reserved[line.reservation or ""] = (line.lot_id or "", line.amount)
        wallet.pending += line.amount
        lot.held += line.amount
        return True
    if line.kind in ("post", "void"):
        lot_id, reserved = wallet.reserved.pop(line.reservation or "", ("", 0))
        if lot_id != line.lot_id or line.amount > reserved:
            return False
        wallet.pending -= reserved
        lot.held -= reserved
        if line.kind == "void":
            return line.amount == reserved
    _post(wallet, lot, line)
    return True


def _post(wallet: _Wallet, lot: _Lot, line: Line) -> None:
    signed = -line.amount if line.is_credit else line.amount
    if line.is_credit:
        wallet.credited += line.amount
    else:
        wallet.debited += line.amount
    if line.other == Platform.BREAKAGE:
        lot.expired += signed
    elif line.other == Platform.CLAWBACK or line.other > 0:  # a person's debt
        lot.clawed_back += signed
    elif line.is_credit:
        lot.granted += line.amount
    else:
        lot.used += signed


def _compare(wallet: _Wallet, row: Any, told: Told) -> None:
    """What the tables have cached against what the journal told."""
    summed = (wallet.credited, wallet.debited, wallet.pending)
    if summed != tuple(row[1:4]):
        told.broken("5", f"wallet {wallet.id}: journal {summed}, cached {tuple(row[1:4])}")
    for lot in wallet.lots.values():
        if lot.parts != lot.cached:
            told.broken("5", f"lot {lot.id}: journal {lot.parts}, cached {lot.cached}")


def _add_up(wallet: _Wallet, told: Told) -> None:
    """The lots of a wallet against the wallet, both as the journal tells them; then the sums."""
    left = held = 0
    for lot in wallet.lots.values():
        left += lot.available + lot.held
        held += lot.held
        sums = told.parts[lot.category]
        for place, part in enumerate(lot.parts):
            sums[place] += part
    if (left, held) != (wallet.credited - wallet.debited, wallet.pending):
        told.broken("3", f"wallet {wallet.id}")
    told.wallets += 1
    told.in_wallets += wallet.credited - wallet.debited
    told.pending += wallet.pending


def _lot(facts: Any) -> _Lot:
    """A lot before its first line."""
    _wallet_id, lot_id, category, priority, effective_at, expires_at = facts[:6]
    return _Lot(
        id=UUID(lot_id),
        category=Category(category),
        priority=priority,
        effective_at=dialect.instant(effective_at),
        expires_at=dialect.instant_or_none(expires_at),
        cached=tuple(facts[6:]),
    )


def _open_lot(lot: _Lot) -> OpenLot:
    return OpenLot(
        id=lot.id,
        category=lot.category,
        priority=lot.priority,
        effective_at=lot.effective_at,
        expires_at=lot.expires_at,
        available_microcredits=lot.available,
    )


def _lines(as_of: datetime | None) -> Iterator[Line]:
    """Every line that touches a wallet, by wallet and then in the order of writing."""
    # A wallet and a sequence are one line of one side: the comparison never goes further.
    sides = (
        _side("debit_account_id", "credit_account_id", is_credit=0, as_of=as_of),
        _side("credit_account_id", "debit_account_id", is_credit=1, as_of=as_of),
    )
    return map(Line._make, merge(*sides))


def _side(column: str, other: str, *, is_credit: int, as_of: datetime | None) -> Iterator[Any]:
    group_id, lot_id = dialect.hex_sql("group_id"), dialect.hex_sql("lot_id")
    pending = dialect.hex_sql("CASE WHEN kind = 'pending' THEN id ELSE pending_id END")
    before, items = ("", ()) if as_of is None else (" AND created_at < %s", (as_of,))
    return stream(
        f"SELECT {column}, sequence, {is_credit}, {other}, {group_id}, kind, amount, {lot_id},"
        f" {pending}, created_at FROM credits_transfer WHERE ({column}, sequence) > (%s, %s)"
        # The term that names the partial index comes second: SQLite starts to read where the
        # first bound says, and each span would begin at the first wallet.
        f" AND {column} > 0{before} ORDER BY {column}, sequence",
        *items,
        key_width=2,
        after=(0, 0),
    )


def _lots() -> Iterator[Any]:
    return stream(
        f"SELECT wallet_id, {dialect.hex_sql('id')}, category, priority, effective_at, expires_at,"
        " amount_microcredits, used_microcredits, held_microcredits, expired_microcredits,"
        " clawed_back_microcredits"
        " FROM credits_grant WHERE (wallet_id, id) > (%s, %s) ORDER BY wallet_id, id",
        key_width=2,
        after=(0, BEFORE_ALL_IDS),
    )


def _accounts() -> Iterator[Any]:
    return stream(
        "SELECT id, credited, debited, pending FROM credits_account"
        f" WHERE code = '{WALLET}' AND id > %s ORDER BY id",
        key_width=1,
        after=(0,),
    )
