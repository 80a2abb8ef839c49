"""How the two databases spell ids, instants and locks, for the SQL written by hand.

The hot path writes its SQL itself: the ORM's own work would cost more than the database's.
Every instant of the ledger comes from the database's clock, in one place: `now_sql`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

_NOW = {
    # PostgreSQL's wall clock and not the transaction's: read after the wallet's lock was taken,
    # so the instants of one wallet stand in the order in which its rows were written.
    "postgresql": "clock_timestamp()",
    "sqlite": "(strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now') || '000')",
}


def now_sql() -> str:
    """The database's clock as an expression, in the form in which instants are stored."""
    return _NOW[connection.vendor]


def lock_sql(table: str = "") -> str:
    """The suffix that locks the rows read. SQLite has one writer, and it holds the lock already."""
    if connection.vendor == "sqlite":
        return ""
    return f" FOR UPDATE OF {table}" if table else " FOR UPDATE"


def values(*items: Any) -> list[Any]:
    """Parameters as this database's driver takes them."""
    if connection.vendor != "sqlite":
        return list(items)
    return [_for_sqlite(item) for item in items]


def _for_sqlite(item: Any) -> Any:
    if type(item) is UUID:
        return item.hex
    if type(item) is datetime:
        return item.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return item


def uuid(value: Any) -> UUID:
    """An id as the driver gave it."""
    return value if type(value) is UUID else UUID(value)


def instant(value: Any) -> datetime:
    """An aware instant, UTC, from what the driver gave."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(found, datetime)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def instant_or_none(value: Any) -> datetime | None:
    """The same for a column that may be empty."""
    return None if value is None else instant(value)


def rows(sql: str, *items: Any) -> list[Any]:
    """Run a statement and fetch what it gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values(*items))
        return list(cursor.fetchall())


def row(sql: str, *items: Any) -> Any | None:
    """The first row that a statement gives, None without one."""
    found = rows(sql, *items)
    return found[0] if found else None


def run(sql: str, *items: Any) -> int:
    """Run a statement; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values(*items))
        return int(cursor.rowcount)


def run_many(sql_head: str, table: Sequence[Sequence[Any]]) -> None:
    """INSERT several rows with one statement. `sql_head` ends before VALUES."""
    if not table:
        return
    places = "(" + ", ".join(["%s"] * len(table[0])) + ")"
    flat = [item for line in table for item in line]
    run(f"{sql_head} VALUES {', '.join([places] * len(table))}", *flat)


def now() -> datetime:
    """The database's clock."""
    found = row(f"SELECT {now_sql()}")
    assert found is not None
    return instant(found[0])
