"""`bluegpt privacy retention …`"""

import argparse
from collections import Counter
from datetime import timedelta

from bluegpt.core import clock
from bluegpt.ops.terminal import table, tell
from bluegpt.privacy.queries.due import Walk
from bluegpt.privacy.services import retention

_SOON = timedelta(days=30)
_HEAD = ("TABLE", "RULE", "END", "DUE", "WITHIN 30 DAYS")


def plan(_arguments: argparse.Namespace) -> int:
    """What would end now, and what becomes due in the next 30 days."""
    now = clock.now()
    due, later = _counted(Walk(now)), _counted(Walk(now + _SOON))
    rows = [
        (*place, f"{due[place]:,}", f"{later[place] - due[place]:,}") for place in sorted(later)
    ]
    if rows:
        print(table([_HEAD, *rows], right=frozenset({3, 4})))
    tell(f"{due.total():,} rows are due now, {later.total() - due.total():,} within 30 days.")
    return 0


def run(_arguments: argparse.Namespace) -> int:
    """End what is due; 1 when something is still due afterwards."""
    attestation = retention.run()
    for name in ("ended", "spared", "left"):
        for rule, count in sorted(getattr(attestation, name).items()):
            print(f"{name:8}{rule:24}{count:>12,}")
    ended, left = sum(attestation.ended.values()), sum(attestation.left.values())
    tell(f"{ended:,} ended, {left:,} still due. Attestation {attestation.id}.")
    return 0 if attestation.is_clean else 1


def _counted(walk: Walk) -> Counter[tuple[str, str, str]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for due in walk.batches():
        counts[due.step.table.model, due.rule, due.step.act.value] += len(due.ids)
    return counts
