"""Until when a backup could still bring back what was erased: computed, never typed."""

from datetime import datetime, timedelta

from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.backups import BackupKind, Horizon


def horizon_days(kind: BackupKind) -> int:
    """Days after an erasure until the last backup of this kind that is older has ended."""
    backups = manifest().backups
    return backups.windows[kind].kept.days + backups.pruned_every.days


def horizon(erased_at: datetime) -> Horizon:
    """For something erased at this instant. What is sealed ends with the last backup of its key."""
    return Horizon(
        sealed_until=erased_at + timedelta(days=horizon_days(BackupKind.VAULT)),
        clear_until=erased_at + timedelta(days=horizon_days(BackupKind.DATA)),
    )
