"""What the chapter on backups must satisfy for an erasure to have an end."""

from collections.abc import Iterator

from bluegpt.privacy.types.backups import BackupKind
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.manifest import Manifest

# The rule that ends the journal of erasures.
JOURNAL = "erasures"
# Later than that, "without undue delay" would be hard to argue. Source: GDPR, Art. 12(3) and 17(1).
_VAULT_DAYS_MAX = 30


def findings(manifest: Manifest) -> Iterator[str]:
    """Every broken rule, a sentence each."""
    backups = manifest.backups
    for name, span in {
        "pruned_every": backups.pruned_every,
        **{f"{kind}.kept": window.kept for kind, window in backups.windows.items()},
    }.items():
        if not _is_days(span):
            yield f"backups: {name} must be a number of days, such as P14D (C15)"
    data, vault = (backups.windows[kind].kept.days for kind in (BackupKind.DATA, BackupKind.VAULT))
    if vault > _VAULT_DAYS_MAX:
        yield f"backups: vault.kept is longer than {_VAULT_DAYS_MAX} days: erasure must end (C15)"
    if vault > data:
        yield "backups: vault.kept is longer than data.kept: keys without data protect nobody"
    journal = manifest.retention.get(JOURNAL)
    longest = max(data, vault) + backups.pruned_every.days
    if journal is None:
        yield f"backups: the rule retention.{JOURNAL} is missing"
    elif not _is_days(journal.duration) or journal.duration.days <= longest:
        yield f"backups: retention.{JOURNAL} must be longer than every backup lives (C15)"


def _is_days(span: Duration) -> bool:
    return span.days > 0 and not span.months and not span.years
