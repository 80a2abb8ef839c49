"""When the last backup was made, and whether each one ends when the policy says."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings

from bluegpt.core import clock
from bluegpt.core.settings import Environment
from bluegpt.ops.backups import making, pruning
from bluegpt.ops.examining.finding import Finding, ok, problem, warning
from bluegpt.privacy.queries.horizon import horizon_days
from bluegpt.privacy.types.backups import BackupKind
from bluegpt.vault.services import erasures

_RECENT = timedelta(days=2)


def backups() -> Iterator[Finding]:
    """The newest archive of each kind, and the horizon of erasure."""
    for kind in BackupKind:
        yield _last(kind)
    overdue = pruning.overdue()
    if overdue:
        yield problem(
            "horizon", f"{len(overdue)} backups have outlived the policy: run bluegpt backup prune"
        )
    else:
        sealed, clear = (horizon_days(kind) for kind in (BackupKind.VAULT, BackupKind.DATA))
        yield ok(
            "horizon",
            f"what is erased today is in no backup after {sealed} days if it was sealed,"
            f" else after {clear}; copies elsewhere are yours to end",
        )
    if erasures.is_caught_up():
        yield ok("erasures", "both databases have been through all of them")
    else:
        yield problem("erasures", "a database is older than the last: run bluegpt restore --replay")


def _last(kind: BackupKind) -> Finding:
    last = pruning.last(kind)
    subject = f"backup of {kind}"
    if last is None:
        is_production = settings.BLUEGPT.site.environment is Environment.PRODUCTION
        text = f"there is none in {making.folder()}; `bluegpt backup` makes one"
        return warning(subject, text) if is_production else ok(subject, text)
    text = f"the last was made on {last.made_at:%Y-%m-%d %H:%M} UTC"
    if last.made_at < clock.now() - _RECENT:
        return warning(subject, f"{text}; let `bluegpt backup` run every day")
    return ok(subject, text)
