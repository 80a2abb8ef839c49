"""Why somebody owes credits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluegpt.credits.queries import balances, dialect
from bluegpt.credits.rules.chart import CREDITS, DEBT
from bluegpt.credits.types import TransferCode

_LINES_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtLine:
    """Credits that had been spent when their payment was taken back, and why it was."""

    amount_microcredits: int
    reason: str
    created_at: datetime


def reasons(person_id: UUID) -> tuple[DebtLine, ...]:
    """What made the debt that is open now, the newest first; empty without one.

    Repayments go against what is oldest, so older lines than these are paid.
    """
    owed = balances.debt(person_id)
    if owed <= 0:
        return ()
    found = dialect.rows(
        "SELECT t.amount, t.reason, t.created_at FROM credits_transfer t"
        " JOIN credits_account a ON a.id = t.debit_account_id"
        f" WHERE a.owner_id = %s AND a.ledger = '{CREDITS}' AND a.code = '{DEBT}'"
        f" AND t.debit_account_id > 0 AND t.code = '{TransferCode.DEBT.value}'"
        f" ORDER BY t.sequence DESC LIMIT {_LINES_MAX}",
        person_id,
    )
    lines = []
    for amount, reason, created_at in found:
        if owed <= 0:
            break
        owed -= int(amount)
        lines.append(
            DebtLine(
                amount_microcredits=int(amount),
                reason=reason,
                created_at=dialect.instant(created_at),
            )
        )
    return tuple(lines)
