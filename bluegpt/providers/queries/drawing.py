"""How much a picture may count, for the floors above."""

from bluegpt.providers.rules import drawing
from bluegpt.providers.types.models import Model


def prompt_bound(prompt: str) -> int:
    """The most input tokens that a prompt counts."""
    return drawing.prompt_bound(prompt)


def picture_bound(model: Model, *, size: str, quality: str) -> int:
    """The most tokens of one picture; zero where pictures are billed by the piece."""
    return drawing.picture_bound(model, size=size, quality=quality)


def is_by_the_piece(model: Model) -> bool:
    """Whether each finished picture has a price, and its tokens have none."""
    return drawing.is_by_the_piece(model)
