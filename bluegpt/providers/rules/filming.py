"""What films cost: the most before they are made, and what is owed once they are there."""

from dataclasses import replace
from math import isfinite
from typing import cast

from bluegpt.providers.rules.drawing import prompt_bound
from bluegpt.providers.rules.tokens import HIDDEN_PROMPT_TOKENS, part_bound
from bluegpt.providers.types.films import FilmAct, FilmRequest
from bluegpt.providers.types.models import FilmCanvas, Model
from bluegpt.providers.types.turns import ImagePart
from bluegpt.providers.types.usage import Usage, UsageSource

_ASPECTS = ((16, 9), (9, 16), (1, 1), (4, 3), (3, 4), (3, 2), (2, 3))
# What a picture that a film begins with counts at Google, whatever its size.
_PICTURE_TOKENS = 2_100
# What a second of a film that is read counts at Google: 5,792, whatever its size.
_READ_TOKENS_PER_SECOND = 6_000
_NAMED_LINES = {2160: "4k"}


def input_bound(
    model: Model, prompt: str, picture: ImagePart | None, *, act: FilmAct = FilmAct.CREATE
) -> int:
    """The most tokens that are read; zero where seconds are billed."""
    if not counts_tokens(model):
        return 0
    most = prompt_bound(prompt)
    if picture is not None:
        most += max(part_bound(picture, model), _PICTURE_TOKENS)
    if act is not FilmAct.CREATE and model.filming is not None:
        # The film that is changed or carried on is read as well; its own length is not known here.
        most += model.filming.seconds[-1] * _READ_TOKENS_PER_SECOND
    return most


def shape_of(size: str) -> tuple[str, str]:
    """The aspect ratio and the resolution of a size, as "16:9" and "720p"; 2160 lines are "4k"."""
    width, height = map(int, size.split("x"))
    lines = min(width, height)
    aspect = min(_ASPECTS, key=lambda known: abs(width / height - known[0] / known[1]))
    return f"{aspect[0]}:{aspect[1]}", _NAMED_LINES.get(lines, f"{lines}p")


def counts_tokens(model: Model) -> bool:
    """Whether tokens are billed, and not seconds."""
    return model.filming is not None and model.filming.canvases[0].tokens_per_second_max > 0


def canvas_of(model: Model, size: str) -> FilmCanvas | None:
    """The canvas of that size; None when the model does not film so."""
    canvases = model.filming.canvases if model.filming else ()
    return next((canvas for canvas in canvases if canvas.size == size), None)


def film_bound(model: Model, *, size: str, seconds: int, input_tokens: int) -> Usage:
    """The most that a film counts. Raises ValueError for a size that the model does not have."""
    canvas = canvas_of(model, size)
    if canvas is None:
        raise ValueError(f"{model.key} does not film in {size}")
    if not canvas.tokens_per_second_max:
        return Usage(video_seconds=seconds)
    tokens = seconds * canvas.tokens_per_second_max
    return Usage(input_tokens=input_tokens, output_tokens=tokens, video_output_tokens=tokens)


def billed_as(model: Model, size: str) -> Model:
    """The model with the SKU and the rates of one of its canvases.

    Raises ValueError for a size that it does not have.
    """
    canvas = canvas_of(model, size)
    if canvas is None:
        raise ValueError(f"{model.key} does not film in {size}")
    return replace(model, sku=canvas.sku, rates=canvas.rates)


def percent_of(told: object) -> int | None:
    """A progress that can be shown; None for anything else, since it is only told.

    What is not done is not whole, whatever they say.
    """
    is_number = type(told) is int or (isinstance(told, float) and isfinite(told))
    return min(max(int(cast("float", told)), 0), 99) if is_number else None


def by_the_second(request: FilmRequest) -> Usage:
    """What is owed where every second has its price: no count is needed, or looked at."""
    return Usage(video_seconds=request.seconds, source=UsageSource.FINAL)


def estimate(request: FilmRequest, *, doubted: tuple[tuple[str, int], ...] = ()) -> Usage:
    """What stands in for a count that did not come, or that cannot be true (`doubted`)."""
    return Usage(
        input_tokens=request.input_tokens,
        output_tokens=request.output_tokens,
        video_output_tokens=request.output_tokens,
        source=UsageSource.DOUBTFUL if doubted else UsageSource.MISSING,
        reported=doubted,
    )


def billed(usage: Usage, request: FilmRequest, *, reported: tuple[tuple[str, int], ...]) -> Usage:
    """The provider's count, unless it is beyond belief: nothing for something, or far too much."""
    if usage.video_output_tokens == 0 or usage.context_tokens == 0:
        return estimate(request)
    # Who looks at a job need not have the picture at hand that it began with.
    unseen = HIDDEN_PROMPT_TOKENS + 2 * _PICTURE_TOKENS
    is_absurd = (
        usage.context_tokens > 2 * request.input_tokens + unseen
        or usage.output_tokens > 2 * request.output_tokens
    )
    return estimate(request, doubted=reported) if is_absurd else usage
