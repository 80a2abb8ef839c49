"""What an adapter of pictures takes and gives."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.usage import Usage


class PictureFormat(StrEnum):
    """How a picture is written."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"


AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequest:
    """Pictures to be made of one prompt. `size`, `quality` and `background` may be AUTO.

    `input_tokens` is an upper bound of the prompt's, `output_tokens` of all that is drawn.
    """

    model: Model
    prompt: str
    number: int
    size: str
    quality: str
    background: str
    format: PictureFormat
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What came of it: the files as the provider made them, not yet looked at.

    `quality` and `background` are what it chose; empty where it does not say.
    """

    files: tuple[bytes, ...] = field(repr=False)
    usage: Usage
    quality: str = ""
    background: str = ""


class PictureAdapter(Protocol):
    """One wire format of pictures. Cancelling closes the connection."""

    async def draw(self, request: PictureRequest, *, clearance: Clearance) -> Drawn: ...
