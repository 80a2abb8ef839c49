"""What pictures count: the most before they are made, and what is believed of a count after."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bluegpt.providers.errors import MalformedReply
from bluegpt.providers.rules.pictures import reference_bound
from bluegpt.providers.rules.tokens import (
    HIDDEN_PROMPT_TOKENS,
    REQUEST_TOKENS,
    chars_of,
    text_bound,
)
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.pictures import AUTO, PictureRequest
from bluegpt.providers.types.usage import USAGE_COUNTS, Usage, UsageSource

# The worst of several counts is how well their sum is known.
_DOUBT = (UsageSource.DOUBTFUL, UsageSource.MISSING, UsageSource.FINAL)
_REPORTED_MAX = 24


def prompt_bound(prompt: str) -> int:
    """The most input tokens that a prompt counts, read once."""
    return REQUEST_TOKENS + text_bound(*chars_of(prompt))


def read_bound(
    model: Model, *, prompt: str, references: Iterable[tuple[int, int]], number: int
) -> int:
    """The most input tokens of a request for so many pictures.

    `references` are the sizes, in pixels, of all pictures that are given, a mask among them. A
    prompt may be read once for each picture; what is given only where each is asked for by itself.
    """
    given = sum(reference_bound(model, width_px=w, height_px=h) for w, h in references)
    reads = number if model.drawing.reads_each_time else 1
    return number * prompt_bound(prompt) + reads * given


def drawn_bound(model: Model, *, size: str, quality: str, number: int, partials: int) -> int:
    """The most tokens of all that is drawn; zero where pictures are billed by the piece."""
    if is_by_the_piece(model):
        return 0
    one = picture_bound(model, size=size, quality=quality)
    return number * (one + model.drawing.partial_tokens * partials)


def aside_bound(model: Model, *, number: int) -> int:
    """The most tokens of thoughts and words beside so many pictures, at the rate of text."""
    return number * model.drawing.aside_tokens_max


def picture_bound(model: Model, *, size: str, quality: str) -> int:
    """The most tokens that one picture counts; where the provider may choose, of the dearest."""
    return max(
        tokens
        for canvas in model.canvases
        if size in (AUTO, canvas.size)
        for name, tokens in canvas.tokens_max
        if quality in (AUTO, name)
    )


def is_by_the_piece(model: Model) -> bool:
    """Whether each finished picture has a price, and its tokens have none."""
    meters = {rate.meter for rate in model.rates}
    return "image" in meters and "image_output" not in meters


def by_the_piece(request: PictureRequest) -> Usage:
    """What is owed where every picture has its price: no count is needed, or looked at."""
    return Usage(pictures=request.number, source=UsageSource.FINAL)


def estimate(request: PictureRequest, *, doubted: tuple[tuple[str, int], ...] = ()) -> Usage:
    """What stands in for a count that did not come, or that cannot be true (`doubted`)."""
    aside = aside_bound(request.model, number=request.number)
    return Usage(
        input_tokens=request.input_tokens,
        output_tokens=request.output_tokens + aside,
        image_output_tokens=request.output_tokens,
        source=UsageSource.DOUBTFUL if doubted else UsageSource.MISSING,
        reported=doubted,
    )


def billed(
    usage: Usage, request: PictureRequest, *, reported: tuple[tuple[str, int], ...]
) -> Usage:
    """The provider's count, unless it is beyond belief: nothing for something, or far too much."""
    if usage.output_tokens == 0 or usage.context_tokens == 0:
        return estimate(request)
    return estimate(request, doubted=reported) if _is_absurd(usage, request) else usage


def _is_absurd(usage: Usage, request: PictureRequest) -> bool:
    aside = aside_bound(request.model, number=request.number)
    return (
        usage.context_tokens > 2 * request.input_tokens + HIDDEN_PROMPT_TOKENS
        or usage.output_tokens > 2 * (request.output_tokens + aside)
    )


def kept_back(
    told: object, request: PictureRequest, read: Callable[[Mapping[str, Any]], Usage]
) -> Usage | None:
    """What is billed for a picture that did not come: the provider's count, if it has one.

    A count of nothing, or one that cannot be true, is nothing.
    """
    if not isinstance(told, Mapping) or is_by_the_piece(request.model):
        return None
    try:
        usage = read(told)
    except MalformedReply:
        return None
    return None if usage.context_tokens == 0 or _is_absurd(usage, request) else usage


def summed(usages: Iterable[Usage]) -> Usage:
    """What several requests used together, known as well as the worst known of them."""
    parts = tuple(usages)
    counts = {name: sum(getattr(one, name) for one in parts) for name in USAGE_COUNTS}
    source = next(worst for worst in _DOUBT if any(one.source is worst for one in parts))
    reported = tuple(pair for one in parts for pair in one.reported)[:_REPORTED_MAX]
    return replace(Usage(**counts), source=source, reported=reported)
