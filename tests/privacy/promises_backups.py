"""What the chapter on backups promises, written a second time and by hand."""

from collections.abc import Iterator

from bluegpt.privacy.types.manifest import Manifest

KEPT_DAYS = {"data": 30, "vault": 14}
PRUNED_EVERY_DAYS = 1


def broken(policy: Manifest) -> Iterator[str]:
    """The promises that this policy does not keep."""
    backups = policy.backups
    if {kind: window.kept.days for kind, window in backups.windows.items()} != KEPT_DAYS:
        yield "life of backups"
    if backups.pruned_every.days != PRUNED_EVERY_DAYS:
        yield "end of backups"
