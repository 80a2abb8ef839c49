"""Writing the journal: the lines of one group in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluegpt.credits.queries import dialect
from bluegpt.credits.types import TransferCode, TransferKind

_INSERT = (
    "INSERT INTO credits_transfer (id, group_id, group_size, debit_account_id, credit_account_id,"
    " amount, code, kind, pending_id, corrects_id, lot_id, hold_id, reference, request_hash,"
    " author, reason, created_at, effective_at)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One transfer to be written. `amount` is in the ledger's unit, always positive."""

    id: UUID
    debit: int
    credit: int
    amount: int
    code: TransferCode
    kind: TransferKind
    pending_id: UUID | None = None
    corrects_id: UUID | None = None
    lot_id: UUID | None = None
    hold_id: UUID | None = None
    reference: str = ""
    request_hash: str = ""
    author: str = ""
    reason: str = ""


def write(
    lines: Sequence[Line],
    *,
    group_id: UUID,
    at: datetime,
    effective_at: datetime | None = None,
) -> None:
    """Append a group. `at` is the database's instant, taken after the wallet was locked."""
    if lines:
        dialect.together(writing(lines, group_id=group_id, at=at, effective_at=effective_at))


def writing(
    lines: Sequence[Line],
    *,
    group_id: UUID,
    at: datetime,
    effective_at: datetime | None = None,
) -> dialect.Statement:
    """The statement that appends a group of at least one line."""
    return dialect.inserting(
        _INSERT,
        [
            (
                line.id,
                group_id,
                len(lines),
                int(line.debit),
                int(line.credit),
                line.amount,
                line.code.value,
                line.kind.value,
                line.pending_id,
                line.corrects_id,
                line.lot_id,
                line.hold_id,
                line.reference,
                line.request_hash,
                line.author,
                line.reason,
                at,
                effective_at or at,
            )
            for line in lines
        ],
    )
