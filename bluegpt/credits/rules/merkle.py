"""The journal's fingerprint: leaves, trees, inclusion paths, and the chain of blocks.

Trees are those of RFC 6962, section 2.1: SHA-256, leaves and inner nodes told apart by their first
byte, a list split at the largest power of two below its length. A leaf is the canonical spelling
of one transfer: a JSON array of all its fields in the order of `FIELDS`, after the name of this
spelling, in the form of RFC 8785 (UTF-8, no blanks). Ids are 32 hexadecimal digits, instants are
UTC with six decimals, what is absent is null and therefore no empty string.

A transfer carries random identifiers, so the hash of one that is not known cannot be guessed:
an inclusion path tells nothing about the transfers beside it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

# Of leaves whose common root a block keeps; a power of two, so that each run is a subtree.
RUN_LEAVES = 256
BLOCK_TRANSFERS_MAX = 65_536
NO_BLOCK = "0" * 64  # what the first block says of the one before it

FIELDS = (
    "sequence",
    "id",
    "group_id",
    "group_size",
    "debit_account",
    "credit_account",
    "amount",
    "code",
    "kind",
    "pending",
    "corrects",
    "lot",
    "hold",
    "reference",
    "request_hash",
    "author",
    "reason",
    "created_at",
    "effective_at",
)

_LEAF_SPELLING = "transfer/1"
_BLOCK_SPELLING = "block/1"
_LEAF, _NODE, _BLOCK = b"\x00", b"\x01", b"\x02"
_EMPTY_ROOT = hashlib.sha256().digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the digest of a block covers. Digests and the root are hexadecimal."""

    number: int
    first_sequence: int
    last_sequence: int
    transfer_count: int
    root: str
    previous_digest: str
    sealed_at: str  # as a leaf spells an instant

    @property
    def digest(self) -> str:
        """SHA-256 over the header, told apart from leaves and nodes by its first byte."""
        spelled = orjson.dumps(
            (
                _BLOCK_SPELLING,
                self.number,
                self.first_sequence,
                self.last_sequence,
                self.transfer_count,
                self.root,
                self.previous_digest,
                self.sealed_at,
            )
        )
        return hashlib.sha256(_BLOCK + spelled).hexdigest()


def leaf_bytes(values: Iterable[Any]) -> bytes:
    """The canonical spelling of a transfer: its fields, in the order of `FIELDS`."""
    return orjson.dumps((_LEAF_SPELLING, *values))


def leaf_bytes_of(fields: Mapping[str, Any]) -> bytes:
    """The same from named fields. Raises ValueError when they are not exactly those of a leaf."""
    if set(fields) != set(FIELDS):
        raise ValueError("these are not the fields of a transfer")
    values = [fields[name] for name in FIELDS]
    if not all(value is None or type(value) in (str, int) for value in values):
        raise ValueError("a field of a transfer is a text, a whole number or null")
    try:
        return leaf_bytes(values)
    except TypeError:  # a number beyond 64 bits, half a character
        raise ValueError("a field of a transfer is out of bounds") from None


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(_NODE + left + right).digest()


def root_of(nodes: Sequence[bytes]) -> bytes:
    """The root over hashes: of leaves, or of whole runs of RUN_LEAVES leaves (the last shorter)."""
    if not nodes:
        return _EMPTY_ROOT
    level = list(nodes)
    while len(level) > 1:
        # A node without a neighbour rises as it is: that is RFC 6962's split, seen from below.
        odd = level[-1:] if len(level) % 2 else []
        level = [
            node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)
        ] + odd
    return level[0]


def path_of(nodes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The neighbours on the way from one of the hashes to their root, the nearest first."""
    if not 0 <= index < len(nodes):
        raise ValueError("no such leaf")
    path = []
    level, place = list(nodes), index
    while len(level) > 1:
        neighbour = place ^ 1
        if neighbour < len(level):
            path.append(level[neighbour])
        odd = level[-1:] if len(level) % 2 else []
        level = [
            node_hash(left, right) for left, right in zip(level[::2], level[1::2], strict=False)
        ] + odd
        place //= 2
    return tuple(path)


def root_from_path(leaf: bytes, *, index: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf's hash and its path lead to; None when the path has another length.

    `index` is the leaf's place among `count` leaves, from 0.
    """
    if not 0 <= index < count:
        return None
    found, place, last = leaf, index, count - 1
    neighbours = iter(path)
    used = 0
    while last > 0:
        if place % 2 or place < last:
            neighbour = next(neighbours, None)
            if neighbour is None:
                return None
            used += 1
            found = node_hash(neighbour, found) if place % 2 else node_hash(found, neighbour)
        place //= 2
        last //= 2
    return found if used == len(path) else None
