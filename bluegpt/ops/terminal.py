"""How commands lay out what they say."""

import sys
from collections.abc import Sequence


def tell(line: str) -> None:
    """For the person at the terminal, not for what reads our output."""
    print(line, file=sys.stderr, flush=True)


def table(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> str:
    """Columns as wide as their widest cell; those numbered in `right` end flush."""
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
