"""What every check of the books uses: findings, counts, and the rows that break a rule."""

from collections.abc import Iterable
from typing import Any

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.spans import spans
from bluegpt.credits.types import Finding

ROWS_NAMED_MAX = 20


def finding(invariant: str, title: str, figure: str, rows: Iterable[str]) -> Finding:
    """A finding that is broken when it names rows; the first ones are kept."""
    named = tuple(rows)
    return Finding(
        invariant=invariant,
        title=title,
        figure=figure,
        is_broken=bool(named),
        rows=named[:ROWS_NAMED_MAX],
    )


def offenders(table: str, column: str, sql: str, *items: Any, after: Any = 0) -> list[str]:
    """Names of the rows that a check finds, walking `column` span by span; the first ones only.

    `sql` takes the bounds of a span, low < value <= high, then `items`.
    """
    named: list[str] = []
    for low, high in spans(table, column, after=after):
        found = dialect.rows(f"{sql} LIMIT {ROWS_NAMED_MAX}", low, high, *items)
        named += [name_of(row[0]) for row in found]
        if len(named) >= ROWS_NAMED_MAX:
            break
    return named


def name_of(value: Any) -> str:
    return str(value if isinstance(value, int) else dialect.uuid(value))


def number(sql: str, *items: Any) -> int:
    found = dialect.row(sql, *items)
    assert found is not None
    return int(found[0])
