"""How the two databases spell ids, instants and locks, for the SQL written by hand.

The hot path writes its SQL itself: the ORM's own work would cost more than the database's.
Every instant of the ledger comes from the database's clock, in one place: `now_sql`.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_NOW = {
    # PostgreSQL's wall clock and not the transaction's: read after the wallet's lock was taken,
    # so the instants of one wallet stand in the order in which its rows were written.
    "postgresql": "clock_timestamp()",
    "sqlite": "(strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now') || '000')",
}


def now_sql() -> str:
    """The database's clock as an expression, in the form in which instants are stored."""
    return _NOW[connection.vendor]


def pinned_sql() -> str:
    """The instant that the functions of a step take, NULL for the clock under their locks.

    An expression where a test has another clock in the place of `now_sql`.
    """
    return "NULL"


def lock_sql(table: str = "") -> str:
    """The suffix that locks the rows read. SQLite has one writer, and it holds the lock already."""
    if connection.vendor == "sqlite":
        return ""
    return f" FOR UPDATE OF {table}" if table else " FOR UPDATE"


def hex_sql(column: str) -> str:
    """An id as 32 hexadecimal digits: where millions are read, and only compared or spelled."""
    return f"replace(({column})::text, '-', '')" if connection.vendor == "postgresql" else column


def instant_sql(column: str) -> str:
    """An instant as 2026-11-22T09:30:00.000000Z, however it was stored."""
    if connection.vendor == "postgresql":
        return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return (
        f"replace({column}, ' ', 'T') || CASE length({column}) WHEN 19 THEN '.000000Z' ELSE 'Z' END"
    )


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


def day(value: Any) -> date:
    """A date from what the driver gave."""
    found = date.fromisoformat(value) if isinstance(value, str) else value
    assert isinstance(found, date)
    return found


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


_PLACE = re.compile(r"(?<!%)%s")


class Answer(NamedTuple):
    """What one of several statements gave: its rows, and how many rows it touched."""

    rows: list[Any]
    touched: int


Statement = tuple[str, Sequence[Any]]


def together(*statements: Statement) -> list[Answer]:
    """Run statements in their order. PostgreSQL gets them in one round trip.

    Each still sees what others committed before it began: a read that follows a lock reads what
    the lock was waiting for.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor == "sqlite":
        return _one_by_one(database, statements)
    with database.cursor() as cursor:
        text = "; ".join(sql for sql, _items in statements)
        cursor.execute(text, [item for _sql, items in statements for item in items])
        answers = [_answer(cursor)]
        while cursor.nextset():
            answers.append(_answer(cursor))
    assert len(answers) == len(statements)
    return answers


def has_functions() -> bool:
    """Whether a step may be one function of the database (`credits/migrations/_steps.py`)."""
    return connection.vendor == "postgresql"


def called(sql: str, *items: Any) -> Any:
    """The one row of a function of PostgreSQL: prepared by the server, bound there.

    Past Django's cursor, which would spell every value out, unless somebody listens in.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.execute_wrappers or database.queries_logged:
        return row(sql, *items)
    database.ensure_connection()
    with database.wrap_database_errors:
        cursor = _binding_cursor(database)
        return cursor.execute(sql, items, prepare=True).fetchone()


def _binding_cursor(database: BaseDatabaseWrapper) -> Any:
    return database.Database.Cursor(database.connection)  # type: ignore[attr-defined]


def _one_by_one(database: BaseDatabaseWrapper, statements: Sequence[Statement]) -> list[Answer]:
    """On SQLite, past Django's cursor, which would cost more than the statement itself.

    Not when somebody listens in on statements, and not outside a transaction, where each would
    have to take its turn.
    """
    if not database.in_atomic_block or database.execute_wrappers or database.queries_logged:
        with database.cursor() as cursor:
            return [_answer_of(cursor, sql, items) for sql, items in statements]
    with database.wrap_database_errors:
        return [
            _answer(database.connection.execute(_in_qmarks(sql), [_for_sqlite(i) for i in items]))
            for sql, items in statements
        ]


@lru_cache(maxsize=256)
def _in_qmarks(sql: str) -> str:
    """The statement as SQLite's driver spells its places."""
    return _PLACE.sub("?", sql).replace("%%", "%")


def _answer_of(cursor: Any, sql: str, items: Sequence[Any]) -> Answer:
    cursor.execute(sql, values(*items))
    return _answer(cursor)


def _answer(cursor: Any) -> Answer:
    rows = list(cursor.fetchall()) if cursor.description else []
    return Answer(rows, int(cursor.rowcount))


def inserting(sql_head: str, table: Sequence[Sequence[Any]]) -> Statement:
    """INSERT several rows with one statement. `sql_head` ends before VALUES."""
    places = "(" + ", ".join(["%s"] * len(table[0])) + ")"
    flat = [item for line in table for item in line]
    return f"{sql_head} VALUES {', '.join([places] * len(table))}", flat


def run_many(sql_head: str, table: Sequence[Sequence[Any]]) -> None:
    """INSERT several rows with one statement. `sql_head` ends before VALUES."""
    if not table:
        return
    sql, flat = inserting(sql_head, table)
    run(sql, *flat)


def now() -> datetime:
    """The database's clock."""
    found = row(f"SELECT {now_sql()}")
    assert found is not None
    return instant(found[0])
