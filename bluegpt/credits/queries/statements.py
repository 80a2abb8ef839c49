"""A person's statement: any period, opening + movements = closing."""

from datetime import datetime
from itertools import islice
from uuid import UUID

from bluegpt.credits.queries.balances import wallet_of
from bluegpt.credits.queries.movements import movements, posted_before, range_of
from bluegpt.credits.types import Statement


def balance_at(person_id: UUID, at: datetime) -> int:
    """Microcredits that were posted before an instant, held or not."""
    wallet_id = wallet_of(person_id)
    if wallet_id is None:
        return 0
    return posted_before(wallet_id, range_of(wallet_id=wallet_id, from_at=at, until_at=at).first)


def statement(
    *, person_id: UUID, from_at: datetime, until_at: datetime, cursor: int = 0, limit: int = 100
) -> Statement:
    """Movements in the half-open period [from, until), oldest first, one page at a time.

    Opening and closing are the period's, on every page. One call is one line, however many lots
    and steps it used. `cursor` is the `next_cursor` of the page before.
    """
    wallet_id = wallet_of(person_id)
    if wallet_id is None:
        return Statement(opening_microcredits=0, closing_microcredits=0, lines=(), next_cursor=0)
    period = range_of(wallet_id=wallet_id, from_at=from_at, until_at=until_at)
    opening = posted_before(wallet_id, period.first)
    balance = posted_before(wallet_id, cursor + 1) if cursor >= period.first else opening
    page = list(islice(movements(period, after=cursor, balance=balance), limit + 1))
    return Statement(
        opening_microcredits=opening,
        closing_microcredits=posted_before(wallet_id, period.end),
        lines=tuple(movement.line for movement in page[:limit]),
        next_cursor=page[limit - 1].sequences[-1] if len(page) > limit else 0,
    )
