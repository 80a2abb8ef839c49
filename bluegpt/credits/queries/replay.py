"""Reading the journal from its first line, wallet by wallet, and rebuilding everything from it.

The journal alone decides here: sums, lots and reservations grow from nothing, and are compared
with what the tables have cached only when a wallet's last line has been read. Memory holds one
wallet's lots and open reservations at a time.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.checks import ROWS_NAMED_MAX, finding
from bluegpt.credits.queries.spans import BEFORE_ALL_IDS, stream
from bluegpt.credits.rules.burning import OpenLot, draw
from bluegpt.credits.rules.chart import WALLET, Platform
from bluegpt.credits.types import Category, Finding

_LINE = (
    "sequence, group_id, kind, amount, lot_id, id, pending_id, hold_id, created_at,"
    " debit_account_id, credit_account_id"
)


class _Line(NamedTuple):
    wallet_id: int
    sequence: int
    group_id: Any
    kind: str
    amount: int
    lot_id: Any
    id: Any
    pending_id: Any
    hold_id: Any
    created_at: Any
    debit_account_id: int
    credit_account_id: int


@dataclass(slots=True)
class _Lot:
    """A lot as the journal tells it, and the facts that place it in the burn order."""

    facts: Any
    granted: int = 0
    used: int = 0
    held: int = 0
    expired: int = 0
    clawed_back: int = 0

    @property
    def available(self) -> int:
        return self.granted - self.used - self.held - self.expired - self.clawed_back


@dataclass(slots=True)
class _Wallet:
    """A wallet as the journal tells it."""

    id: int
    lots: dict[Any, _Lot]
    credited: int = 0
    debited: int = 0
    pending: int = 0
    reserved: dict[Any, tuple[Any, int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Broken:
    """Rows that break an invariant, by its number. The first ones are kept."""

    rows: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, invariant: str, row: str) -> None:
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
            yield from self._next[1]


def replay() -> Iterator[Finding]:
    """Invariants 2, 5 and 10, in one reading of the journal."""
    broken = _Broken()
    wallets = holds = lines = 0
    journal, lots = _ByWallet(_lines()), _ByWallet(_lots())
    for row in _accounts():
        wallet = _Wallet(id=row[0], lots={})
        wallet.lots = {facts[1]: _Lot(facts=facts) for facts in lots.of(wallet.id)}
        for _group_id, group in groupby(journal.of(wallet.id), key=itemgetter(2)):
            read = list(group)
            lines += len(read)
            holds += _read_group(wallet, read, broken)
        _compare(wallet, row, broken)
        wallets += 1
    title = _("No wallet was overdrawn at any instant.")
    yield finding("2", title, _("%d wallets") % wallets, broken.rows["2"])
    title = _("Cached balances equal the journal, read from its first line.")
    yield finding("5", title, _("%d movements of wallets") % lines, broken.rows["5"])
    title = _("The burn order, run again, gives the recorded draws.")
    yield finding("10", title, _("%d holds drawn again") % holds, broken.rows["10"])


def _read_group(wallet: _Wallet, lines: list[_Line], broken: _Broken) -> int:
    """Apply one group; 1 when it reserved, so was drawn again."""
    is_reservation = lines[0].kind == "pending"
    if is_reservation:
        _draw_again(wallet, lines, broken)
    for line in lines:
        if not _apply(wallet, line):
            broken.add("5", f"transfer {line.sequence} does not fit what came before it")
    if wallet.pending < 0 or wallet.debited + wallet.pending > wallet.credited:
        broken.add("2", f"wallet {wallet.id} after transfer {lines[-1].sequence}")
    return int(is_reservation)


def _draw_again(wallet: _Wallet, lines: list[_Line], broken: _Broken) -> None:
    now = dialect.instant(lines[0].created_at)
    open_lots = [_open_lot(lot) for lot in wallet.lots.values() if lot.available > 0]
    shares = draw(open_lots, amount_microcredits=sum(line.amount for line in lines), now=now)
    again = [(share.lot_id, share.amount_microcredits) for share in shares or ()]
    if again != [(dialect.uuid(line.lot_id), line.amount) for line in lines]:
        broken.add("10", f"hold {dialect.uuid(lines[0].group_id)}")


def _apply(wallet: _Wallet, line: _Line) -> bool:
    """One line's effect on its wallet and lot; False when it has nothing to act on."""
    lot = wallet.lots.get(line.lot_id)
    if lot is None:
        return False
    if line.kind == "pending":
        wallet.reserved[line.id] = (line.lot_id, line.amount)
        wallet.pending += line.amount
        lot.held += line.amount
        return True
    if line.kind in ("post", "void"):
        lot_id, reserved = wallet.reserved.pop(line.pending_id, (None, 0))
        if lot_id != line.lot_id or line.amount > reserved:
            return False
        wallet.pending -= reserved
        lot.held -= reserved
        if line.kind == "void":
            return line.amount == reserved
    _post(wallet, lot, line)
    return True


def _post(wallet: _Wallet, lot: _Lot, line: _Line) -> None:
    is_credit = line.credit_account_id == wallet.id
    other = line.debit_account_id if is_credit else line.credit_account_id
    signed = -line.amount if is_credit else line.amount
    if is_credit:
        wallet.credited += line.amount
    else:
        wallet.debited += line.amount
    if other == Platform.BREAKAGE:
        lot.expired += signed
    elif other == Platform.CLAWBACK:
        lot.clawed_back += signed
    elif line.kind == "normal" and is_credit:
        lot.granted += line.amount
    else:
        lot.used += signed


def _compare(wallet: _Wallet, row: Any, broken: _Broken) -> None:
    """What the tables have cached against what the journal told."""
    told = (wallet.credited, wallet.debited, wallet.pending)
    if told != tuple(row[1:4]):
        broken.add("5", f"wallet {wallet.id}: journal {told}, cached {tuple(row[1:4])}")
    for lot in wallet.lots.values():
        parts = (lot.granted, lot.used, lot.held, lot.expired, lot.clawed_back)
        if parts != tuple(lot.facts[6:]):
            name = f"lot {dialect.uuid(lot.facts[1])}"
            broken.add("5", f"{name}: journal {parts}, cached {tuple(lot.facts[6:])}")


def _open_lot(lot: _Lot) -> OpenLot:
    lot_id, category, priority, effective_at, expires_at = lot.facts[1:6]
    return OpenLot(
        id=dialect.uuid(lot_id),
        category=Category(category),
        priority=priority,
        effective_at=dialect.instant(effective_at),
        expires_at=dialect.instant_or_none(expires_at),
        available_microcredits=lot.available,
    )


def _lines() -> Iterator[_Line]:
    """Every line that touches a wallet, by wallet and then in the order of writing."""
    sides = (_side("debit_account_id"), _side("credit_account_id"))
    return heapq.merge(*sides, key=itemgetter(0, 1))


def _side(column: str) -> Iterator[_Line]:
    rows = stream(
        f"SELECT {column}, {_LINE} FROM credits_transfer WHERE {column} > 0"
        f" AND ({column}, sequence) > (%s, %s) ORDER BY {column}, sequence",
        key_width=2,
        after=(0, 0),
    )
    return (_Line._make(row) for row in rows)


def _lots() -> Iterator[Any]:
    return stream(
        "SELECT wallet_id, id, category, priority, effective_at, expires_at, amount_microcredits,"
        " used_microcredits, held_microcredits, expired_microcredits, clawed_back_microcredits"
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
