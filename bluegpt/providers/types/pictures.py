"""What an adapter of pictures takes and gives."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import ImagePart
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

    With `references` it is an edit: the pictures to work from, the first of them changed where
    `mask`, a PNG of its size, is transparent (everywhere without one). `partials` is how many
    unfinished pictures of each are wanted on the way, at most; `seed` None where chance decides.
    `input_tokens` is an upper bound of what is read, `output_tokens` of all that is drawn.
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
    references: tuple[ImagePart, ...] = ()
    mask: bytes = b""
    seed: int | None = None
    style: str = ""
    partials: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialPicture:
    """An unfinished picture on the way: `place` counts the pictures of the request from 0."""

    place: int
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What came of it: the files as the provider made them, not yet looked at.

    `quality` and `background` are what it chose; empty where it does not say. `refused` is how many
    of those asked for its safety system kept back; then there are so many files less.
    """

    files: tuple[bytes, ...] = field(repr=False)
    usage: Usage
    quality: str = ""
    background: str = ""
    refused: int = 0


class PictureAdapter(Protocol):
    """One wire format of pictures: partial ones if any, then once what was drawn.

    Closing the iterator, or cancelling it, closes the connection.
    """

    def draw(
        self, request: PictureRequest, *, clearance: Clearance
    ) -> AsyncGenerator[PartialPicture | Drawn, None]: ...
