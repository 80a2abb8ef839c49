"""How much a picture may count, for the floors above."""

from collections.abc import Iterable

from bluegpt.providers.rules import drawing, pictures
from bluegpt.providers.types.models import Model


def prompt_bound(prompt: str) -> int:
    """The most input tokens that a prompt counts, read once; see `read_bound`."""
    return drawing.prompt_bound(prompt)


def picture_bound(model: Model, *, size: str, quality: str) -> int:
    """The most tokens of one picture; zero where pictures are billed by the piece."""
    return drawing.picture_bound(model, size=size, quality=quality)


def reference_bound(model: Model, *, width_px: int, height_px: int) -> int:
    """The most input tokens of one picture that is given, by its size; read once."""
    return pictures.reference_bound(model, width_px=width_px, height_px=height_px)


def read_bound(
    model: Model, *, prompt: str, references: Iterable[tuple[int, int]] = (), number: int = 1
) -> int:
    """The most input tokens of a whole request: its prompt and all that is given, mask included.

    `references` are widths and heights in pixels.
    """
    return drawing.read_bound(model, prompt=prompt, references=references, number=number)


def drawn_bound(
    model: Model, *, size: str, quality: str, number: int = 1, partials: int = 0
) -> int:
    """The most tokens of all pictures of a request, the unfinished ones on the way included."""
    return drawing.drawn_bound(model, size=size, quality=quality, number=number, partials=partials)


def aside_bound(model: Model, *, number: int = 1) -> int:
    """The most tokens of thoughts and words beside so many pictures, at the rate of text."""
    return drawing.aside_bound(model, number=number)


def is_by_the_piece(model: Model) -> bool:
    """Whether each finished picture has a price, and its tokens have none."""
    return drawing.is_by_the_piece(model)
