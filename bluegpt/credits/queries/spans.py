"""Walking a table in keyset spans, so that a check of any size runs in bounded memory."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection

from bluegpt.credits.queries import dialect

SPAN_ROWS = 20_000
BEFORE_ALL_IDS = UUID(int=0)


def spans(table: str, column: str, *, after: Any = 0) -> Iterator[tuple[Any, Any]]:
    """Half-open spans (low, high] of an indexed column that together cover the table.

    Rows that share a value stay in one span. `after` is a value before the first.
    """
    low = after
    while True:
        found = dialect.row(
            f"SELECT {column} FROM (SELECT {column} FROM {table} WHERE {column} > %s"
            f" ORDER BY {column} LIMIT {SPAN_ROWS}) span ORDER BY {column} DESC LIMIT 1",
            low,
        )
        if found is None:
            return
        yield low, found[0]
        low = found[0]


def stream(sql: str, *items: Any, key_width: int, after: tuple[Any, ...]) -> Iterator[Any]:
    """Rows of an ordered query, fetched span by span.

    `sql` compares its first `key_width` columns, which order it, with as many parameters, then
    takes `items`, and ends before LIMIT.
    """
    last = after
    while True:
        found = dialect.rows(f"{sql} LIMIT {SPAN_ROWS}", *last, *items)
        yield from found
        if len(found) < SPAN_ROWS:
            return
        last = tuple(found[-1][:key_width])


class Snapshot:
    """A reading transaction that sees one state of the books and stops nobody from writing."""

    def __enter__(self) -> None:
        self._is_ours = not connection.in_atomic_block
        if self._is_ours:
            dialect.run(_BEGIN[connection.vendor])

    def __exit__(self, *_error: object) -> None:
        if self._is_ours:
            dialect.run("ROLLBACK")


_BEGIN = {
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "sqlite": "BEGIN DEFERRED",  # Django's own would take the write lock
}
