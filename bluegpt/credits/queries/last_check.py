"""The last time that the books were verified as a whole."""

from dataclasses import dataclass
from datetime import datetime

from bluegpt.credits.models import Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCheck:
    """When the journal was verified from its first line, and with what result."""

    finished_at: datetime
    transfer_count: int
    is_sound: bool


def last_check() -> LastCheck | None:
    """The newest verification; None before the first."""
    found = (
        Verification.objects.order_by("-id")
        .values_list("finished_at", "transfer_count", "is_sound")
        .first()
    )
    if found is None:
        return None
    finished_at, transfer_count, is_sound = found
    return LastCheck(finished_at=finished_at, transfer_count=transfer_count, is_sound=is_sound)
