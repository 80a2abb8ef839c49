"""What studio announces."""

from dataclasses import dataclass
from uuid import UUID

from bluegpt.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmEnded(Event):
    """A film is there, or it is certain that it will not come."""

    creation_id: UUID
