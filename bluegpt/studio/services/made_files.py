"""Files that were made here are known again by their digest, which belongs to nobody."""

from collections.abc import Iterable

from bluegpt.core import clock
from bluegpt.core.writing import written
from bluegpt.studio.models import MadeFile
from bluegpt.studio.types.media import Kind


@written
def note(*, digests: Iterable[str], kind: Kind) -> None:
    """Remember files by their SHA-256 in hex, in the caller's transaction if there is one.

    Noting twice changes nothing.
    """
    today = clock.now().date()
    MadeFile.objects.bulk_create(
        [MadeFile(digest=digest, kind=kind, made_on=today) for digest in digests],
        ignore_conflicts=True,
    )
