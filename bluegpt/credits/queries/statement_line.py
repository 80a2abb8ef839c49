"""One line of a person's statement, by its group of the journal or by its call."""

from datetime import timedelta
from uuid import UUID

from bluegpt.credits.errors import UnknownLine
from bluegpt.credits.queries import dialect, statements
from bluegpt.credits.queries.balances import wallet_of
from bluegpt.credits.types import StatementLine

_INSTANT = timedelta(microseconds=1)


def line_of_request(*, person_id: UUID, hold_id: UUID) -> UUID:
    """The group of the line that charged a call. Raises UnknownLine when none did."""
    found = dialect.row(
        "SELECT t.group_id FROM credits_hold h JOIN credits_draw d ON d.hold_id = h.id"
        " JOIN credits_transfer t ON t.pending_id = d.transfer_id AND t.kind = 'post'"
        " WHERE h.id = %s AND h.person_id = %s LIMIT 1",
        hold_id,
        person_id,
    )
    if found is None:
        raise UnknownLine
    return dialect.uuid(found[0])


def statement_line(*, person_id: UUID, group_id: UUID) -> StatementLine:
    """The line with the balance after it, as the statement shows it. Raises UnknownLine."""
    wallet_id = wallet_of(person_id)
    found = dialect.row(
        "SELECT max(created_at) FROM credits_transfer WHERE group_id = %s"
        " AND kind IN ('normal', 'post', 'correct')"
        " AND (debit_account_id = %s OR credit_account_id = %s)",
        group_id,
        wallet_id,
        wallet_id,
    )
    if wallet_id is None or found is None or found[0] is None:
        raise UnknownLine
    at = dialect.instant(found[0])
    cursor = 0
    while True:
        page = statements.statement(
            person_id=person_id, from_at=at, until_at=at + _INSTANT, cursor=cursor
        )
        for line in page.lines:
            if line.group_id == group_id:
                return line
        if not page.next_cursor:
            raise UnknownLine
        cursor = page.next_cursor
