"""The operator's background work."""

from bluegpt.core.jobs import every
from bluegpt.ops.backups import pruning


@every("ops.prune_backups", seconds=3600)
def prune_backups() -> None:
    """End the backups whose life is over, as the policy promises."""
    pruning.prune()
