"""A statement as a file: JSON that proves itself, and CSV. Both are streamed, page by page.

Wallet, range of sequences and head of the chain are fixed when a document begins. What they name
never changes, so the document is one state of the books, however long it takes to be read.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import orjson

from bluegpt.core.money import MICROCREDITS_PER_CREDIT
from bluegpt.credits.queries import blocks, dialect
from bluegpt.credits.queries.balances import wallet_of
from bluegpt.credits.queries.blocks import Head, Prover, spelled
from bluegpt.credits.queries.movements import Movement, Range, movements, posted_before, range_of
from bluegpt.credits.queries.prices import rates_at
from bluegpt.credits.rules.merkle import FIELDS
from bluegpt.credits.rules.pricing import tier
from bluegpt.credits.types import Meter, Rate, StatementLine, TransferCode

FORMAT = "bluegpt-statement"
VERSION = 1
_PAGE_LINES = 100
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

_COLUMNS = (
    *("number", "created_at", "code", "amount_microcredits", "amount_credits"),
    *("balance_after_microcredits", "balance_after_credits", "request_id", "product", "sku"),
    *("price_version", "usage_source", *(meter.value for meter in Meter)),
    *("absorbed_microcredits", "reason", "author", "reference", "line_id", "corrects"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What a document says before and after its lines."""

    person_id: UUID
    from_at: datetime
    until_at: datetime
    written_at: datetime
    period: Range
    opening: int
    closing: int
    head: Head | None

    def movements(self) -> Iterator[Movement]:
        return movements(self.period, balance=self.opening)


class _Rates:
    """Rates by version, SKU and tier, asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[Rate, ...]] = {}

    def of(self, line: StatementLine) -> Mapping[Meter, Rate]:
        if line.price_version is None:
            return {}
        place = (line.price_version, line.sku)
        if place not in self._known:
            self._known[place] = rates_at(*place)
        return tier(self._known[place], context_tokens=line.context_tokens or 0)


def as_json(*, person_id: UUID, from_at: datetime, until_at: datetime) -> Iterator[bytes]:
    """The document that `bluegpt statement check` reads; docs/mechanisms/proof.md describes it."""
    frame = _frame(person_id, from_at, until_at)
    prover, rates = Prover(), _Rates()
    first_block, unsealed, number = None, 0, 0
    start = orjson.dumps(_beginning(frame))
    yield start[:-1] + b',\n"lines":['
    for page in _pages(frame.movements()):
        fields = _fields(sequence for movement in page for sequence in movement.sequences)
        parts = []
        for movement in page:
            number += 1
            transfers = [
                _transfer(fields[sequence], prover, frame.head) for sequence in movement.sequences
            ]
            for proof in (transfer["proof"] for transfer in transfers):
                unsealed += proof is None
                if proof is not None and first_block is None:
                    first_block = proof["block"]
            line = _line(number, movement.line, rates) | {"transfers": transfers}
            parts.append((b"\n" if number == 1 else b",\n") + orjson.dumps(line))
        yield b"".join(parts)
    yield b'],\n"closing_microcredits":%d,\n"blocks":[' % frame.closing
    yield from _chain(frame, first_block)
    yield b"],\n" + orjson.dumps(_end(frame, unsealed))[1:] + b"\n"


def as_csv(*, person_id: UUID, from_at: datetime, until_at: datetime) -> Iterator[bytes]:
    """A row per line, between one that opens the period and one that closes it."""
    frame = _frame(person_id, from_at, until_at)
    yield _csv(
        [
            _COLUMNS,
            _balance_row("opening", spelled(from_at), frame.opening),
        ]
    )
    number = 0
    for page in _pages(frame.movements()):
        rows = []
        for movement in page:
            number += 1
            rows.append(_row(number, movement.line))
        yield _csv(rows)
    yield _csv([_balance_row("closing", spelled(until_at), frame.closing)])


def _frame(person_id: UUID, from_at: datetime, until_at: datetime) -> _Frame:
    wallet_id = wallet_of(person_id) or 0
    period = range_of(wallet_id=wallet_id, from_at=from_at, until_at=until_at)
    return _Frame(
        person_id=person_id,
        from_at=from_at,
        until_at=until_at,
        written_at=dialect.now(),
        period=period,
        opening=posted_before(wallet_id, period.first),
        closing=posted_before(wallet_id, period.end),
        head=blocks.head(),
    )


def _pages(found: Iterator[Movement]) -> Iterator[list[Movement]]:
    while page := list(islice(found, _PAGE_LINES)):
        yield page


def _beginning(frame: _Frame) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "unit": "microcredits",
        "person_id": frame.person_id,
        "wallet": frame.period.wallet_id,
        "from": spelled(frame.from_at),
        "until": spelled(frame.until_at),
        "written_at": spelled(frame.written_at),
        "opening_microcredits": frame.opening,
    }


def _end(frame: _Frame, unsealed: int) -> dict[str, Any]:
    head = frame.head
    return {
        "head": None if head is None else {"number": head.number, "digest": head.digest},
        "unsealed_transfers": unsealed,
    }


def _line(number: int, line: StatementLine, rates: _Rates) -> dict[str, Any]:
    in_force = rates.of(line) if line.code == TransferCode.USAGE else {}
    return {
        "number": number,
        "line_id": line.group_id,
        "code": line.code,
        "created_at": spelled(line.created_at),
        "amount_microcredits": line.amount_microcredits,
        "balance_after_microcredits": line.balance_after_microcredits,
        "request_id": line.hold_id,
        "product": line.product,
        "sku": line.sku,
        "price_version": line.price_version,
        "context_tokens": line.context_tokens,
        "usage": [
            {
                "meter": used.meter.value,
                "quantity": used.quantity,
                "microcredits_per_million": _rate(in_force, used.meter),
            }
            for used in line.usage
        ],
        "usage_source": line.usage_source,
        "absorbed_microcredits": line.absorbed_microcredits,
        "reason": line.reason,
        "author": line.author,
        "reference": line.reference,
        "corrects": line.corrects,
    }


def _rate(in_force: Mapping[Meter, Rate], meter: Meter) -> int | None:
    """None would be a charge without a price: the check says so."""
    return in_force[meter].microcredits_per_million if meter in in_force else None


def _fields(sequences: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The canonical fields of transfers, by sequence."""
    wanted = list(sequences)
    places = ", ".join(["%s"] * len(wanted))
    found = dialect.rows(
        f"SELECT {blocks.leaf_columns()} FROM credits_transfer WHERE sequence IN ({places})",
        *wanted,
    )
    return {row[0]: dict(zip(FIELDS, row, strict=True)) for row in found}


def _transfer(fields: dict[str, Any], prover: Prover, head: Head | None) -> dict[str, Any]:
    """A transfer with its proof; None for one that was not sealed when the document began."""
    proof = None
    if head is not None and fields["sequence"] <= head.last_sequence:
        proof = prover.proof(fields["sequence"])
    if proof is None:
        return {"fields": fields, "proof": None}
    return {
        "fields": fields,
        "proof": {
            "block": proof.block,
            "index": proof.index,
            "path": [neighbour.hex() for neighbour in proof.path],
        },
    }


def _chain(frame: _Frame, first_used: int | None) -> Iterator[bytes]:
    """The headers up to the head, from the first block that a proof names or from the one that was
    the head when the period began: a digest kept since then is among them.
    """
    if frame.head is None:
        return
    known = (first_used, blocks.last_before(frame.from_at), frame.head.number)
    first = min(number for number in known if number is not None)
    for sealed in blocks.chain(first=first, last=frame.head.number):
        before = b"\n" if sealed.header.number == first else b",\n"
        yield before + orjson.dumps(blocks.described(sealed))


def _row(number: int, line: StatementLine) -> list[Any]:
    used = {usage.meter: usage.quantity for usage in line.usage}
    return [
        *(number, spelled(line.created_at), line.code),
        *(line.amount_microcredits, _credits(line.amount_microcredits)),
        *(line.balance_after_microcredits, _credits(line.balance_after_microcredits)),
        *(line.hold_id or "", line.product, _text(line.sku)),
        *("" if line.price_version is None else line.price_version, line.usage_source),
        *(used.get(meter, "") for meter in Meter),
        *(line.absorbed_microcredits or "", _text(line.reason), _text(line.author)),
        *(_text(line.reference), line.group_id, line.corrects or ""),
    ]


def _balance_row(code: str, at: str, balance: int) -> list[Any]:
    known = {
        "created_at": at,
        "code": code,
        "balance_after_microcredits": balance,
        "balance_after_credits": _credits(balance),
    }
    return [known.get(column, "") for column in _COLUMNS]


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _credits(amount: int) -> str:
    """Microcredits as credits, exactly: -1500000 is "-1.500000"."""
    whole, rest = divmod(abs(amount), MICROCREDITS_PER_CREDIT)
    return f"{'-' if amount < 0 else ''}{whole}.{rest:06d}"


def _text(words: str) -> str:
    """What somebody wrote, so that no spreadsheet takes it for a formula."""
    return f"'{words}" if words.startswith(_FORMULA_STARTS) else words
