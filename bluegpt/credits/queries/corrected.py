"""Which lines of a statement were corrected later, and how."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.balances import wallet_of
from bluegpt.credits.types import TransferKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionOf:
    """What a later line gave back of a charge. `line_id` is that line's group of the journal."""

    line_id: UUID
    amount_microcredits: int
    created_at: datetime


def corrections(
    *, person_id: UUID, group_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[CorrectionOf, ...]]:
    """The corrections of a person's lines, by the corrected line's group, the oldest first.

    A wallet receives little beside what it spends, so its incoming lines are looked through.
    """
    wallet_id = wallet_of(person_id)
    if wallet_id is None or not group_ids:
        return {}
    places = ", ".join(["%s"] * len(group_ids))
    rows = dialect.rows(
        "SELECT p.group_id, c.group_id, sum(c.amount), min(c.created_at) FROM credits_transfer c"
        " JOIN credits_transfer p ON p.id = c.corrects_id"
        f" WHERE c.kind = '{TransferKind.CORRECT.value}' AND c.credit_account_id = %s"
        f" AND c.credit_account_id > 0 AND p.group_id IN ({places})"
        " GROUP BY p.group_id, c.group_id ORDER BY min(c.sequence)",
        wallet_id,
        *group_ids,
    )
    found: defaultdict[UUID, list[CorrectionOf]] = defaultdict(list)
    for corrected, line_id, amount, created_at in rows:
        found[dialect.uuid(corrected)].append(
            CorrectionOf(
                line_id=dialect.uuid(line_id),
                amount_microcredits=int(amount),
                created_at=dialect.instant(created_at),
            )
        )
    return {group_id: tuple(of_line) for group_id, of_line in found.items()}
