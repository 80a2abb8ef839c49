"""Checking a downloaded statement: no database, no settings, nothing but the document.

Each check that holds is a sentence; the first that does not is a `Broken`, which names the line.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bluegpt.credits.rules.digests import consumption_text, digest_of
from bluegpt.credits.rules.merkle import NO_BLOCK, Header, leaf_bytes_of, leaf_hash, root_from_path
from bluegpt.credits.types import Consumption, Meter, MeterLine

FORMAT = "bluegpt-statement"
VERSION = 1
_UNITS_PER_RATE = 1_000_000
_MOVING_KINDS = ("normal", "post", "correct")
_HASH = re.compile("[0-9a-f]{64}")


class Broken(Exception):
    """What does not hold, in one sentence that says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """An object of the document, read field by field; `where` names it in sentences."""

    where: str
    values: Mapping[str, Any]

    def number(self, name: str) -> int:
        value = self._value(name)
        if type(value) is not int:
            raise Broken(f"{self.where}: {name} is not a whole number.")
        return value

    def text(self, name: str) -> str:
        value = self._value(name)
        if not isinstance(value, str):
            raise Broken(f"{self.where}: {name} is not a text.")
        return value

    def hash(self, name: str) -> str:
        return _hash(self._value(name), f"{self.where}: {name}")

    def record(self, name: str, where: str) -> "_Record | None":
        value = self._value(name)
        return None if value is None else _record(value, where)

    def list(self, name: str) -> Sequence[Any]:
        value = self._value(name)
        if not isinstance(value, list):
            raise Broken(f"{self.where}: {name} is not a list.")
        return value

    def _value(self, name: str) -> Any:
        if name not in self.values:
            raise Broken(f"{self.where} has no {name}.")
        return self.values[name]


def check(document: Any, *, head: str | None) -> Iterator[str]:
    """Sentences on what holds, one by one. Raises Broken at the first thing that does not.

    `head` is the digest of a block that the reader has from elsewhere; None when there is none.
    """
    statement = _record(document, "The document")
    if (statement.values.get("format"), statement.values.get("version")) != (FORMAT, VERSION):
        raise Broken("This is not a statement of a version that can be checked here.")
    lines = [
        _record(line, f"Line {number}")
        for number, line in enumerate(statement.list("lines"), start=1)
    ]
    yield _arithmetic(statement, lines)
    yield _transfers(statement, lines)
    yield _charges(lines)
    chain = _chain(statement)
    yield from _paths(statement, lines, chain)
    yield from _ends_in_head(statement, chain, head)


def _record(value: Any, where: str) -> _Record:
    if not isinstance(value, dict):
        raise Broken(f"{where} is not an object.")
    return _Record(where=where, values=value)


def _hash(value: Any, where: str) -> str:
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise Broken(f"{where} is not a hash.")
    return value


def _arithmetic(statement: _Record, lines: Sequence[_Record]) -> str:
    """Opening + movements = closing, with the right balance after each line."""
    opening, closing = (statement.number(f"{end}_microcredits") for end in ("opening", "closing"))
    balance = opening
    for number, line in enumerate(lines, start=1):
        if line.number("number") != number:
            raise Broken(f"{line.where} has the number {line.number('number')}.")
        balance += line.number("amount_microcredits")
        told = line.number("balance_after_microcredits")
        if told != balance:
            raise Broken(f"{line.where}: the balance after it is {balance}, and it says {told}.")
    if balance != closing:
        raise Broken(f"After the last line the balance is {balance}; the closing says {closing}.")
    return (
        f"{len(lines)} lines: opening {opening} + movements {closing - opening}"
        f" = closing {closing} microcredits, and the balance after each line is right."
    )


def _transfers(statement: _Record, lines: Sequence[_Record]) -> str:
    """A line is what its transfers say: wallet, amount, reason, instant; none stands twice."""
    wallet = statement.number("wallet")
    period = (statement.text("from"), statement.text("until"))
    count = last = 0
    for line in lines:
        moved = 0
        for fields in _fields(line):
            count += 1
            if fields.number("sequence") <= last:
                raise Broken(f"{line.where}: its transfers are not in the order of the journal.")
            last = fields.number("sequence")
            moved += _moved(fields, wallet)
            _agree(line, fields)
        if moved != line.number("amount_microcredits"):
            raise Broken(
                f"{line.where} says {line.number('amount_microcredits')} microcredits;"
                f" its transfers move {moved}."
            )
        if not period[0] <= line.text("created_at") < period[1]:
            raise Broken(f"{line.where} was not written in the period of this statement.")
    return f"Every line says what its transfers say; there are {count}, and none stands twice."


def _moved(fields: _Record, wallet: int) -> int:
    """What a transfer adds to the wallet."""
    amount = fields.number("amount")
    if fields.text("kind") not in _MOVING_KINDS or amount <= 0:
        raise Broken(f"{fields.where} holds a transfer that moves nothing.")
    sides = (fields.number("debit_account") == wallet, fields.number("credit_account") == wallet)
    if sides[0] == sides[1]:
        raise Broken(f"{fields.where} holds a transfer that is not of this wallet.")
    return amount if sides[1] else -amount


def _agree(line: _Record, fields: _Record) -> None:
    told = {
        name: line.text(name) for name in ("code", "created_at", "reason", "author", "reference")
    }
    for name, value in told.items():
        if fields.text(name) != value:
            raise Broken(f"{line.where}: its {name} is not the one of its transfers.")
    if fields.text("group_id") != _hex_of_id(line):
        raise Broken(f"{line.where}: its line_id is not the group of its transfers.")


def _hex_of_id(line: _Record) -> str:
    try:
        return UUID(line.text("line_id")).hex
    except ValueError:
        raise Broken(f"{line.where}: its line_id is no id.") from None


def _charges(lines: Sequence[_Record]) -> str:
    """Each charge is ceil(Σ quantity × rate / 10⁶) of a usage that the journal sealed with it."""
    count = 0
    for line in lines:
        if line.text("code") != "usage":
            continue
        count += 1
        used = [_record(part, line.where) for part in line.list("usage")]
        total = sum(
            part.number("quantity") * part.number("microcredits_per_million") for part in used
        )
        due = -(-total // _UNITS_PER_RATE)
        told = line.number("absorbed_microcredits") - line.number("amount_microcredits")
        if due != told:
            raise Broken(
                f"{line.where}: its usage costs {due} microcredits at its rates; it says {told}."
            )
        digest = _usage_digest(line, used)
        if any(fields.text("request_hash") != digest for fields in _fields(line)):
            raise Broken(
                f"{line.where}: its usage is not the one that its transfers were made for."
            )
    return f"{count} charges: usage × rate, rounded up once, gives each of them."


def _usage_digest(line: _Record, used: Sequence[_Record]) -> str:
    try:
        parts = tuple(
            MeterLine(meter=Meter(part.text("meter")), quantity=part.number("quantity"))
            for part in used
        )
    except ValueError:
        raise Broken(f"{line.where} counts something that nobody knows.") from None
    consumption = Consumption(
        sku=line.text("sku"), context_tokens=line.number("context_tokens"), lines=parts
    )
    return digest_of(consumption_text(consumption), line.text("usage_source"))


def _chain(statement: _Record) -> dict[int, Header]:
    """The blocks by number, once each digest is right and each follows the one before it."""
    chain: dict[int, Header] = {}
    last: Header | None = None
    for values in statement.list("blocks"):
        block = _record(values, "A block")
        header = _header(block)
        if header.digest != block.hash("digest"):
            raise Broken(f"Block {header.number}: its digest is not that of what it says.")
        if header.number == 1 and header.previous_digest != NO_BLOCK:
            raise Broken("Block 1 says that another one was before it.")
        if last is not None:
            follows = (header.number, header.previous_digest) == (last.number + 1, last.digest)
            if not follows or header.first_sequence <= last.last_sequence:
                raise Broken(f"Block {header.number} does not follow block {last.number}.")
        chain[header.number] = last = header
    return chain


def _header(block: _Record) -> Header:
    header = Header(
        number=block.number("number"),
        first_sequence=block.number("first_sequence"),
        last_sequence=block.number("last_sequence"),
        transfer_count=block.number("transfer_count"),
        root=block.hash("root"),
        previous_digest=block.hash("previous_digest"),
        sealed_at=block.text("sealed_at"),
    )
    if any(abs(number) >= 2**63 for number in (header.number, header.last_sequence)):
        raise Broken("A block has a number that is out of bounds.")
    return header


def _paths(
    statement: _Record, lines: Sequence[_Record], chain: Mapping[int, Header]
) -> Iterator[str]:
    """The path of every sealed transfer leads to the root of its block."""
    sealed = unsealed = 0
    used = set()
    for line in lines:
        for transfer in _of_line(line):
            proof = transfer.record("proof", line.where)
            if proof is None:
                unsealed += 1
                continue
            block = chain.get(proof.number("block"))
            if block is None:
                raise Broken(f"{line.where}: block {proof.number('block')} is not in the document.")
            fields = transfer.record("fields", line.where)
            assert fields is not None, "read before"
            if not _leads_to(block, fields, proof):
                raise Broken(f"{line.where}: its path does not lead to block {block.number}.")
            sealed += 1
            used.add(block.number)
    if unsealed != statement.number("unsealed_transfers"):
        raise Broken(f"{unsealed} transfers have no path, and the document says otherwise.")
    yield f"{sealed} transfers are sealed in {len(used)} blocks: every path leads to its root."
    if unsealed:
        yield f"{unsealed} transfers were not sealed yet: nothing proves them until they are."


def _leads_to(block: Header, fields: _Record, proof: _Record) -> bool:
    try:
        leaf = leaf_hash(leaf_bytes_of(fields.values))
    except ValueError:
        raise Broken(f"{fields.where} holds a transfer with other fields than it has.") from None
    if not block.first_sequence <= fields.number("sequence") <= block.last_sequence:
        return False
    step = f"{fields.where}: a step of its path"
    path = [bytes.fromhex(_hash(neighbour, step)) for neighbour in proof.list("path")]
    root = root_from_path(leaf, index=proof.number("index"), count=block.transfer_count, path=path)
    return root is not None and root.hex() == block.root


def _ends_in_head(
    statement: _Record, chain: Mapping[int, Header], head: str | None
) -> Iterator[str]:
    named = statement.record("head", "The head")
    if named is None:
        if chain or head is not None:
            raise Broken("The document names no head.")
        yield "Nothing of the journal was sealed when this was written."
        return
    first, last = min(chain, default=0), max(chain, default=0)
    if last != named.number("number") or chain[last].digest != named.hash("digest"):
        raise Broken("The chain of blocks does not end in the head that the document names.")
    yield f"The chain of blocks {first} to {last} is whole and ends in {chain[last].digest}."
    if head is None:
        yield "You named no head: compare that digest with the published one."
        return
    for block in chain.values():
        if block.digest == head:
            yield f"The digest that you named is that of block {block.number} of this chain."
            return
    raise Broken(
        f"The digest that you named is not that of a block from {first} to {last}: it is of an"
        " older or newer block, which the published journal tells, or of another journal."
    )


def _of_line(line: _Record) -> Iterator[_Record]:
    transfers = line.list("transfers")
    if not transfers:
        raise Broken(f"{line.where} has no transfers.")
    return (_record(transfer, line.where) for transfer in transfers)


def _fields(line: _Record) -> Iterator[_Record]:
    for transfer in _of_line(line):
        fields = transfer.record("fields", line.where)
        if fields is None:
            raise Broken(f"{line.where} has a transfer without fields.")
        yield fields
