"""The sealed journal: its head, its chain, and the proof that a transfer is in it."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.spans import stream
from bluegpt.credits.rules.merkle import (
    RUN_LEAVES,
    Header,
    leaf_bytes,
    leaf_hash,
    path_of,
    root_of,
)

# Of one run in `Block.branches`: its first sequence, eight bytes big-endian, and its root.
_SEQUENCE_BYTES = 8
_BRANCH_BYTES = _SEQUENCE_BYTES + 32

_HEADER = (
    "number, first_sequence, last_sequence, transfer_count, root, previous_digest, sealed_at,"
    " digest"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last block, and how many transfers the chain seals up to it."""

    number: int
    digest: str
    last_sequence: int
    sealed_at: datetime
    transfers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedBlock:
    """A block as it stands in the table: what its digest should cover, and the recorded digest."""

    header: Header
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """At most RUN_LEAVES transfers that follow one another, and the root over them."""

    first_sequence: int
    last_sequence: int
    count: int
    root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Where a transfer is sealed: its leaf's place in its block, and the neighbours to the root."""

    block: int
    index: int
    path: tuple[bytes, ...]


def leaf_columns() -> str:
    """What SELECT gives the values of a leaf, in the order of `merkle.FIELDS`."""
    ids = [
        f"{dialect.hex_sql(column)}"
        for column in ("pending_id", "corrects_id", "lot_id", "hold_id")
    ]
    return ", ".join(
        (
            "sequence",
            dialect.hex_sql("id"),
            dialect.hex_sql("group_id"),
            "group_size, debit_account_id, credit_account_id, amount, code, kind",
            *ids,
            "reference, request_hash, author, reason",
            dialect.instant_sql("created_at"),
            dialect.instant_sql("effective_at"),
        )
    )


def head() -> Head | None:
    """The last block; None before the first was sealed."""
    found = dialect.row(
        "SELECT number, digest, last_sequence, sealed_at,"
        " (SELECT sum(transfer_count) FROM credits_block)"
        " FROM credits_block ORDER BY number DESC LIMIT 1"
    )
    if found is None:
        return None
    return Head(
        number=found[0],
        digest=found[1],
        last_sequence=found[2],
        sealed_at=dialect.instant(found[3]),
        transfers=int(found[4]),
    )


def chain(*, first: int = 1, last: int | None = None) -> Iterator[SealedBlock]:
    """Blocks by number, from `first` to `last` or to the head, both included."""
    upper, items = ("", ()) if last is None else (" AND number <= %s", (last,))
    rows = stream(
        f"SELECT {_HEADER} FROM credits_block WHERE number > %s{upper} ORDER BY number",
        *items,
        key_width=1,
        after=(first - 1,),
    )
    return (sealed_block(row) for row in rows)


def last_before(instant: datetime) -> int | None:
    """The number of the last block sealed before an instant; None when there was none yet."""
    found = dialect.row("SELECT max(number) FROM credits_block WHERE sealed_at < %s", instant)
    return None if found is None else found[0]


def newest(*, before: int | None = None, limit: int) -> tuple[SealedBlock, ...]:
    """The last blocks, or the last ones before a number, newest first."""
    lower, items = ("", ()) if before is None else (" WHERE number < %s", (before,))
    rows = dialect.rows(
        f"SELECT {_HEADER} FROM credits_block{lower} ORDER BY number DESC LIMIT %s", *items, limit
    )
    return tuple(sealed_block(row) for row in rows)


def sealed_block(row: Any) -> SealedBlock:
    """A block from the columns of its header and its digest."""
    number, first, last, count, root, previous, sealed_at, digest = row
    header = Header(
        number=number,
        first_sequence=first,
        last_sequence=last,
        transfer_count=count,
        root=root,
        previous_digest=previous,
        sealed_at=spelled(dialect.instant(sealed_at)),
    )
    return SealedBlock(header=header, digest=digest)


def described(sealed: SealedBlock) -> dict[str, int | str]:
    """All that a block's digest covers, for a document: anybody can make the digest again."""
    header = sealed.header
    return {
        "number": header.number,
        "first_sequence": header.first_sequence,
        "last_sequence": header.last_sequence,
        "transfer_count": header.transfer_count,
        "root": header.root,
        "previous_digest": header.previous_digest,
        "sealed_at": header.sealed_at,
        "digest": sealed.digest,
    }


def spelled(at: datetime) -> str:
    """An instant as leaves and headers spell it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def runs(*, after: int, until: int) -> Iterator[Run]:
    """The transfers with after < sequence <= until as whole runs, the last one maybe shorter."""
    leaves = leaf_hashes(after=after, until=until)
    while run := list(islice(leaves, RUN_LEAVES)):
        yield Run(
            first_sequence=run[0][0],
            last_sequence=run[-1][0],
            count=len(run),
            root=root_of([leaf for _sequence, leaf in run]),
        )


def leaf_hashes(*, after: int, until: int) -> Iterator[tuple[int, bytes]]:
    """Sequence and leaf hash of each transfer with after < sequence <= until."""
    return ((row[0], leaf_hash(leaf_bytes(row))) for row in leaf_values(after=after, until=until))


def leaf_values(*, after: int, until: int) -> Iterator[Any]:
    """The fields of each transfer with after < sequence <= until, as `merkle.FIELDS` has them."""
    return stream(
        f"SELECT {leaf_columns()} FROM credits_transfer WHERE sequence > %s AND sequence <= %s"
        " ORDER BY sequence",
        until,
        key_width=1,
        after=(after,),
    )


def branches(number: int) -> bytes:
    """What a block keeps of its runs; empty when there is no such block."""
    found = dialect.row("SELECT branches FROM credits_block WHERE number = %s", number)
    return b"" if found is None else bytes(found[0])


def branch_of(run: Run) -> bytes:
    """A run as `Block.branches` keeps it."""
    return run.first_sequence.to_bytes(_SEQUENCE_BYTES, "big") + run.root


def proof(sequence: int) -> Proof | None:
    """Where one transfer is sealed; None while it is not, or when there is no such transfer."""
    return Prover().proof(sequence)


class Prover:
    """Proofs for many transfers: the last block and the last run stay at hand.

    Each needs its block's branches and at most RUN_LEAVES transfers, whatever the journal's size.
    """

    def __init__(self) -> None:
        self._number = 0
        self._bounds = (0, -1)
        self._starts: list[int] = []
        self._roots: list[bytes] = []
        self._run = -1
        self._leaves: dict[int, int] = {}
        self._hashes: list[bytes] = []

    def proof(self, sequence: int) -> Proof | None:
        if not self._open_block(sequence):
            return None
        run = bisect_right(self._starts, sequence) - 1
        self._open_run(run)
        place = self._leaves.get(sequence)
        if place is None:
            return None
        return Proof(
            block=self._number,
            index=run * RUN_LEAVES + place,
            path=path_of(self._hashes, place) + path_of(self._roots, run),
        )

    def _open_block(self, sequence: int) -> bool:
        """Take the block of a sequence at hand; False when none covers it."""
        if self._bounds[0] <= sequence <= self._bounds[1]:
            return True
        found = dialect.row(
            "SELECT number, first_sequence, last_sequence, branches FROM credits_block"
            " WHERE last_sequence >= %s ORDER BY last_sequence LIMIT 1",
            sequence,
        )
        if found is None or found[1] > sequence:
            return False
        branches = bytes(found[3])
        self._number, self._bounds, self._run = found[0], (found[1], found[2]), -1
        places = range(0, len(branches), _BRANCH_BYTES)
        self._starts = [int.from_bytes(branches[at : at + _SEQUENCE_BYTES], "big") for at in places]
        self._roots = [branches[at + _SEQUENCE_BYTES : at + _BRANCH_BYTES] for at in places]
        return True

    def _open_run(self, run: int) -> None:
        if run == self._run:
            return
        is_last = run + 1 == len(self._starts)
        until = self._bounds[1] if is_last else self._starts[run + 1] - 1
        leaves = list(leaf_hashes(after=self._starts[run] - 1, until=until))
        self._run = run
        self._leaves = {sequence: place for place, (sequence, _leaf) in enumerate(leaves)}
        self._hashes = [leaf for _sequence, leaf in leaves]
