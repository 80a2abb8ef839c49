"""A statement adds up, whatever the period and the page."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bluegpt.credits.queries.statements import balance_at, statement
from bluegpt.credits.services import ledger, lots
from bluegpt.credits.types import MeterLine, StatementLine
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _all_lines(person_id: UUID, from_at: datetime, until_at: datetime) -> list[StatementLine]:
    lines: list[StatementLine] = []
    cursor = 0
    while True:
        page = statement(
            person_id=person_id, from_at=from_at, until_at=until_at, cursor=cursor, limit=2
        )
        lines += page.lines
        cursor = page.next_cursor
        if cursor == 0:
            return lines


def _busy_hours(person_id: UUID, clock: Clock) -> datetime:
    """One movement an hour: two grants, a call over both lots, a release, an expiry."""
    start = clock.now
    soon = books.grant(person_id, 100, expires_at=start + timedelta(hours=5))
    clock.advance(3_600)
    books.grant(person_id, 1_000)
    clock.advance(3_600)
    books.settle(books.hold(person_id, 300).id, 50)
    clock.advance(3_600)
    ledger.release(hold_id=books.hold(person_id, 400).id, reason="stop")
    clock.advance(3_600)
    books.settle(books.hold(person_id, 200).id, 130)
    clock.advance(3_600)
    lots.expire(soon)
    clock.advance(3_600)
    return start


def test_opening_plus_movements_is_closing_for_every_period(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    start = _busy_hours(person_id, database_clock)
    hours = [start + timedelta(hours=hour) for hour in range(8)]

    for index, from_at in enumerate(hours):
        for until_at in hours[index:]:
            page = statement(person_id=person_id, from_at=from_at, until_at=until_at)
            moved = sum(line.amount_microcredits for line in page.lines)
            assert page.opening_microcredits + moved == page.closing_microcredits
            assert page.opening_microcredits == balance_at(person_id, from_at)


def test_pages_join_without_a_seam(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    start = _busy_hours(person_id, database_clock)
    end = database_clock.now

    paged = _all_lines(person_id, start, end)

    whole = statement(person_id=person_id, from_at=start, until_at=end)
    assert paged == list(whole.lines)
    assert [line.amount_microcredits for line in paged] == [100, 1_000, -50, -130]
    assert [line.balance_after_microcredits for line in paged] == [100, 1_100, 1_050, 920]


def test_a_call_is_one_line_that_tells_model_price_version_and_usage(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    start = _busy_hours(person_id, database_clock)

    call = statement(person_id=person_id, from_at=start, until_at=database_clock.now).lines[3]

    assert (call.product, call.sku, call.price_version) == ("chat", books.SKU, price_version)
    assert call.usage == (MeterLine(meter=call.usage[0].meter, quantity=130),)
    assert call.usage_source == "final"


def test_credits_that_expired_are_a_line_of_their_own(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    start = database_clock.now
    books.grant(person_id, 100, expires_at=start + timedelta(hours=1))
    ticket = books.hold(person_id, 100)
    database_clock.advance(3_600)
    books.settle(ticket.id, 30)
    database_clock.advance(1)

    lines = statement(person_id=person_id, from_at=start, until_at=database_clock.now).lines

    assert [(line.code, line.amount_microcredits) for line in lines] == [
        ("grant", 100),
        ("usage", -30),
        ("expiry", -70),
    ]


def test_a_stranger_has_an_empty_statement(person_id: UUID, database_clock: Clock) -> None:
    page = statement(person_id=person_id, from_at=database_clock.now, until_at=database_clock.now)

    assert (page.opening_microcredits, page.lines, page.closing_microcredits) == (0, (), 0)
    assert balance_at(person_id, database_clock.now) == 0
