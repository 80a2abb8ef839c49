"""The last movements of a balance, at a cost that its history does not raise."""

from uuid import UUID

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.balances import wallet_of
from bluegpt.credits.queries.movements import Range, movements, posted_before
from bluegpt.credits.types import StatementLine

# A call has as many lines in the journal as it used lots and steps.
_LINES_PER_MOVEMENT = 8


def latest(person_id: UUID, *, limit: int) -> tuple[StatementLine, ...]:
    """At most `limit` movements, the newest first; fewer when each has very many lines."""
    wallet_id = wallet_of(person_id)
    if wallet_id is None:
        return ()
    lines = limit * _LINES_PER_MOVEMENT
    sides = " UNION ALL ".join(
        f"SELECT * FROM (SELECT sequence FROM credits_transfer WHERE {column} = %s"
        f" AND {column} > 0 AND kind IN ('normal', 'post', 'correct')"
        f" ORDER BY sequence DESC LIMIT {lines}) {column}"
        for column in ("credit_account_id", "debit_account_id")
    )
    found = dialect.row(
        "SELECT count(*), min(sequence), max(sequence) FROM"
        f" (SELECT sequence FROM ({sides}) u ORDER BY sequence DESC LIMIT {lines}) newest",
        wallet_id,
        wallet_id,
    )
    if found is None or not found[0]:
        return ()
    count, first, last = (int(number) for number in found)
    period = Range(wallet_id=wallet_id, first=first, end=last + 1)
    read = [
        movement.line
        for movement in movements(period, balance=posted_before(wallet_id, period.first))
    ]
    whole = read[1:] if count == lines else read  # the first may have lines before these
    return tuple(whole[::-1][:limit])
