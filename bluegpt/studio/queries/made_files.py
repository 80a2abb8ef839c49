"""Whether this installation made a file, by the file's digest alone."""

from dataclasses import dataclass
from datetime import date

from bluegpt.studio.models import MadeFile
from bluegpt.studio.types.media import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that a model made here, or that left here in another form, and the day."""

    kind: Kind
    made_on: date


def made_here(digest: str) -> Made | None:
    """What is known of a SHA-256, in hex; None when this installation noted no such file."""
    row = MadeFile.objects.filter(digest=digest.lower()).first()
    return None if row is None else Made(kind=Kind(row.kind), made_on=row.made_on)
