"""What moved a balance in a period, summed by why it moved."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.balances import wallet_of
from bluegpt.credits.queries.movements import range_of
from bluegpt.credits.types import TransferCode

# As in a statement: a pending line and a void only reserve and return.
_POSTED = "kind IN ('normal', 'post', 'correct') AND sequence >= %s AND sequence < %s"


def totals(*, person_id: UUID, from_at: datetime, until_at: datetime) -> Mapping[TransferCode, int]:
    """Microcredits by code in [from, until); positive came in. What did not move is not there."""
    wallet_id = wallet_of(person_id)
    if wallet_id is None:
        return {}
    period = range_of(wallet_id=wallet_id, from_at=from_at, until_at=until_at)
    found = dialect.rows(
        "SELECT code, sum(signed) FROM ("
        "SELECT code, amount AS signed FROM credits_transfer"
        f" WHERE credit_account_id = %s AND credit_account_id > 0 AND {_POSTED}"
        " UNION ALL SELECT code, -amount FROM credits_transfer"
        f" WHERE debit_account_id = %s AND debit_account_id > 0 AND {_POSTED}"
        ") m GROUP BY code",
        *(wallet_id, period.first, period.end) * 2,
    )
    sums = {code: int(amount) for code, amount in found}
    return {code: sums[code] for code in TransferCode if sums.get(code)}
