"""The vault's background work."""

from bluegpt.core import jobs
from bluegpt.vault.services import keys


@jobs.every("vault.finish_destructions", seconds=60)
def finish_destructions() -> None:
    """Overwrite what is left of destroyed keys."""
    keys.finish_destructions()
