"""Holds as they stand."""

from typing import Any
from uuid import UUID

from bluegpt.credits.errors import UnknownHold
from bluegpt.credits.queries import dialect
from bluegpt.credits.types import HoldState, HoldTicket, Settlement

TICKET = "id, person_id, state, amount_microcredits, price_version_id, deadline_at"
OPEN_STATES = (HoldState.HELD, HoldState.DISPATCHED, HoldState.IN_DOUBT)
OPEN_SQL = "('held', 'dispatched', 'in_doubt')"


def hold(hold_id: UUID) -> HoldTicket:
    """One hold. Raises UnknownHold; a refused key is no hold."""
    found = dialect.row(
        f"SELECT {TICKET} FROM credits_hold WHERE id = %s AND state <> 'refused'", hold_id
    )
    if found is None:
        raise UnknownHold
    return ticket_of(found)


def settlement(hold_id: UUID) -> Settlement | None:
    """How a call's hold ended, its steps included; None while it is open. Raises UnknownHold."""
    found = dialect.row(
        "SELECT max(CASE WHEN id = %s THEN state END), sum(amount_microcredits),"
        " sum(charged_microcredits), sum(absorbed_microcredits)"
        " FROM credits_hold WHERE (id = %s OR extends_id = %s) AND state <> 'refused'",
        hold_id,
        hold_id,
        hold_id,
    )
    if found is None or found[0] is None:
        raise UnknownHold
    state = HoldState(found[0])
    if state in OPEN_STATES:
        return None
    return settlement_of(hold_id, state=state, amounts=found[1:])


def is_known(hold_id: UUID) -> bool:
    """Whether the key was used, also by a hold that was refused."""
    return dialect.row("SELECT 1 FROM credits_hold WHERE id = %s", hold_id) is not None


def overdue_holds(limit: int, *, state: HoldState = HoldState.DISPATCHED) -> tuple[HoldTicket, ...]:
    """Holds in a state that have outlived their deadline, the oldest first.

    A dispatched one is for the caller to resolve, who knows the call; one that is merely held is
    released by the reaper (jobs.py).
    """
    found = dialect.rows(
        f"SELECT {TICKET} FROM credits_hold WHERE state = %s AND state IN {OPEN_SQL}"
        f" AND extends_id IS NULL AND deadline_at <= {dialect.now_sql()}"
        " ORDER BY deadline_at, id LIMIT %s",
        state.value,
        limit,
    )
    return tuple(ticket_of(row) for row in found)


def ticket_of(row: Any) -> HoldTicket:
    """A ticket from the columns of `TICKET`."""
    hold_id, person_id, state, amount, price_version, deadline_at = row
    return HoldTicket(
        id=dialect.uuid(hold_id),
        person_id=dialect.uuid(person_id),
        state=HoldState(state),
        amount_microcredits=amount,
        price_version=price_version,
        expires_at=dialect.instant(deadline_at),
    )


def settlement_of(hold_id: UUID, *, state: HoldState, amounts: Any) -> Settlement:
    """A settlement from (amount, charged, absorbed) in microcredits."""
    amount, charged, absorbed = (int(number) for number in amounts)  # a sum is a Decimal there
    return Settlement(
        hold_id=hold_id,
        state=state,
        charged_microcredits=charged,
        released_microcredits=amount - charged,
        absorbed_microcredits=absorbed,
    )
