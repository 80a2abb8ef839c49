"""The mailroom's background work."""

from bluegpt.core.jobs import every
from bluegpt.mailroom.services import folder


@every("mailroom.end_old_letters", seconds=24 * 3600)
def end_old_letters() -> None:
    """A letter in the folder is there to be looked at, not to be kept."""
    folder.end_old_letters()
