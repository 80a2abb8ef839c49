"""What a default installation keeps of the mail that it would have sent.

With a mail server there is no such folder, and nothing to end: the letters are with their readers.
"""

from datetime import timedelta

from bluegpt.core import clock
from bluegpt.mailroom.adapters import folder

KEPT_DAYS = 30


def end_letters_to(address: str) -> int:
    """Delete what was written to somebody who is erased; how many letters that were."""
    return folder.remove_addressed_to(address)


def end_old_letters() -> int:
    """Delete what is older than KEPT_DAYS; how many letters that were."""
    return folder.remove_written_before(clock.now() - timedelta(days=KEPT_DAYS))
