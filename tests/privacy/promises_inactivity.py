"""What the chapter on unused accounts promises, written a second time and by hand."""

from collections.abc import Iterator

from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.manifest import Manifest

AFTER = Duration(years=2)
NOTICES_DAYS = (30, 7)


def broken(policy: Manifest) -> Iterator[str]:
    """The promises that this policy does not keep."""
    chapter = policy.inactivity
    if chapter.after != AFTER:
        yield "unused accounts"
    if (chapter.first_notice.days, chapter.second_notice.days) != NOTICES_DAYS:
        yield "notices to the owners of unused accounts"
