"""The journal as evidence: it cannot be edited, and it was not."""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from bluegpt.credits.queries import blocks, dialect
from bluegpt.credits.queries.findings import ROWS_NAMED_MAX, finding
from bluegpt.credits.rules.merkle import NO_BLOCK, root_of
from bluegpt.credits.types import Finding

_TABLES = ("credits_transfer", "credits_price", "credits_priceversion", "credits_block")
_IMMUTABLE = frozenset(f"{table}_no_{verb}" for table in _TABLES for verb in ("update", "delete"))
_TRIGGERS = {
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'credits%%'"
    " AND tgenabled <> 'D'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'credits%%'",
}


def immutability() -> Finding:
    """The triggers stand: nothing below means much without them."""
    standing = {row[0] for row in dialect.rows(_TRIGGERS[connection.vendor])} & _IMMUTABLE
    rows = [f"trigger {name} is missing" for name in sorted(_IMMUTABLE - standing)]
    title = _("The journal and the price book cannot be edited.")
    return finding("0", title, _("%d triggers") % len(standing), rows)


def chained(as_of: datetime | None = None) -> Finding:
    """Every block, or those sealed before an instant, made again from the journal."""
    count = transfers = 0
    rows: list[str] = []
    previous, after = NO_BLOCK, 0
    for sealed in blocks.chain():
        header = sealed.header
        if as_of is not None and header.sealed_at >= blocks.spelled(as_of):
            break
        count += 1
        if (header.number, header.previous_digest) != (count, previous):
            rows.append(f"block {header.number} does not follow the one before it")
        elif header.digest != sealed.digest:
            rows.append(f"block {header.number}: its digest is not that of what it says")
        again, root, branches = _again(after=after, until=header.last_sequence)
        if branches != blocks.branches(header.number):
            rows.append(f"block {header.number}: its runs are not those of the journal")
        if (again, root) != (header.transfer_count, header.root):
            rows.append(
                f"block {header.number}, transfers {header.first_sequence} to"
                f" {header.last_sequence}: {again} transfers with root {root}"
            )
        transfers += again
        previous, after = sealed.digest, header.last_sequence
        if len(rows) >= ROWS_NAMED_MAX:
            break
    title = _("The chain of blocks, made again from the journal, is the sealed one.")
    figure = _("%(blocks)d blocks over %(transfers)d transfers")
    return finding("chain", title, figure % {"blocks": count, "transfers": transfers}, rows)


def _again(*, after: int, until: int) -> tuple[int, str, bytes]:
    """Count, root and branches of all transfers after `after` up to `until`."""
    runs = list(blocks.runs(after=after, until=until))
    root = root_of([run.root for run in runs]).hex()
    return sum(run.count for run in runs), root, b"".join(blocks.branch_of(run) for run in runs)
