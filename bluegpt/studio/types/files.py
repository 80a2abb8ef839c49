"""Files as they come in and as they are kept."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came from a form: nothing about it is believed yet."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """A file that was read, re-made and sealed. `pages` is 0 for pictures, sizes 0 for PDFs."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    pages: int
