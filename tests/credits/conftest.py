"""The books under test: a clock that stands still, a price book, a person with credits."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from bluegpt.credits.queries import dialect
from tests.credits import books


class Clock:
    """The database's clock, moved by hand. It starts on a whole hour."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def sql(self) -> str:
        if connection.vendor == "sqlite":
            return f"'{self.now.replace(tzinfo=None).isoformat(' ', 'microseconds')}'"
        return f"'{self.now.isoformat()}'::timestamptz"


@pytest.fixture
def database_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replaces the database's clock by one that the test moves."""
    clock = Clock()
    monkeypatch.setattr(dialect, "now_sql", clock.sql)
    monkeypatch.setattr(dialect, "pinned_sql", clock.sql)
    return clock


@pytest.fixture
def price_version(db: None) -> int:
    """A book in which every token costs one microcredit."""
    return books.publish(microcredits_per_token=1)


@pytest.fixture
def rich_person(person_id: UUID, price_version: int) -> UUID:
    """Somebody with a lot of 1,000 microcredits, in a world with prices.

    It has been theirs since before any clock of a test starts, whatever today's date is.
    """
    books.grant(person_id, 1_000, effective_at=datetime(2026, 1, 1, tzinfo=UTC))
    return person_id
