"""`bluegpt privacy retention …`"""

import argparse
from collections import Counter
from datetime import datetime, timedelta

from bluegpt.core import clock
from bluegpt.ops.terminal import table, tell
from bluegpt.privacy.queries.due import Walk
from bluegpt.privacy.queries.inactivity import unused
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import inactivity, retention
from bluegpt.privacy.types.inactivity import Exemption

_SOON = timedelta(days=30)
_HEAD = ("TABLE", "RULE", "END", "DUE", "WITHIN 30 DAYS")


def plan(_arguments: argparse.Namespace) -> int:
    """What would end now, and what becomes due in the next 30 days."""
    now = clock.now()
    due, later = _counted(now), _counted(now + _SOON)
    rows = [
        (*place, f"{due[place]:,}", f"{later[place] - due[place]:,}") for place in sorted(later)
    ]
    if rows:
        print(table([_HEAD, *rows], right=frozenset({3, 4})))
    tell(f"{due.total():,} rows are due now, {later.total() - due.total():,} within 30 days.")
    _tell_exempt(Counter(each.exemption for each in unused(now) if each.exemption))
    return 0


def run(_arguments: argparse.Namespace) -> int:
    """Close what nobody uses, end what is due; 1 when something is still due afterwards."""
    outcome = inactivity.run()
    for stage, count in sorted(outcome.done.items()):
        print(f"unused  {stage:24}{count:>12,}")
    _tell_exempt(outcome.exempt)
    attestation = retention.run()
    for name in ("ended", "spared", "left"):
        for rule, count in sorted(getattr(attestation, name).items()):
            print(f"{name:8}{rule:24}{count:>12,}")
    ended, left = sum(attestation.ended.values()), sum(attestation.left.values())
    tell(f"{ended:,} ended, {left:,} still due. Attestation {attestation.id}.")
    return 0 if attestation.is_clean else 1


def _counted(now: datetime) -> Counter[tuple[str, str, str]]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for due in Walk(now).batches():
        counts[due.step.table.model, due.rule, due.step.act.value] += len(due.ids)
    for each in unused(now):
        if each.exemption is None:
            counts["accounts.Person", "inactivity", each.stage.value] += 1
    return counts


def _tell_exempt(counts: Counter[Exemption]) -> None:
    for exemption, count in sorted(counts.items()):
        tell(
            f"{count:,} unused accounts stay open. {manifest().inactivity.exemptions[exemption].en}"
        )
