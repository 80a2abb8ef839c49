"""What a model is given to read: turns and their parts."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who said a turn. The system prompt is a field of the request, not a turn."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """A piece of text."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePart:
    """A picture: `image/png`, `image/jpeg` or `image/webp` bytes, and its size in pixels."""

    media_type: str
    data: bytes
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfPart:
    """A PDF document."""

    name: str
    data: bytes
    pages: int


Part = TextPart | ImagePart | PdfPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a conversation."""

    role: Role
    parts: tuple[Part, ...]
