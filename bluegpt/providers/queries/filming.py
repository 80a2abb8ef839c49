"""How much a film may count, and as what it is billed, for the floors above."""

from bluegpt.providers.rules import filming
from bluegpt.providers.types.films import FilmAct
from bluegpt.providers.types.models import FilmCanvas, Model
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage


def prompt_bound(
    model: Model,
    prompt: str,
    picture: ImagePart | None = None,
    *,
    act: FilmAct = FilmAct.CREATE,
) -> int:
    """The most input tokens of what a film is made of; zero where seconds are billed."""
    return filming.input_bound(model, prompt, picture, act=act)


def film_bound(model: Model, *, size: str, seconds: int, input_tokens: int) -> Usage:
    """The most that a film counts: its seconds, or all its tokens. Raises ValueError for a size
    that the model does not have.
    """
    return filming.film_bound(model, size=size, seconds=seconds, input_tokens=input_tokens)


def canvas(model: Model, size: str) -> FilmCanvas | None:
    """The canvas of that size; None when the model does not film so."""
    return filming.canvas_of(model, size)


def billed_as(model: Model, size: str) -> Model:
    """The model as it stands in the price book for films of that size: with their SKU and rates.

    Raises ValueError for a size that it does not have.
    """
    return filming.billed_as(model, size)
