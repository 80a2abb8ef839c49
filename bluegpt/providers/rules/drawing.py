"""What pictures count: the most before they are made, and what is believed of a count after."""

from bluegpt.providers.rules.tokens import (
    HIDDEN_PROMPT_TOKENS,
    REQUEST_TOKENS,
    chars_of,
    text_bound,
)
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.pictures import AUTO, PictureRequest
from bluegpt.providers.types.usage import Usage, UsageSource


def prompt_bound(prompt: str) -> int:
    """The most input tokens that a prompt counts."""
    return REQUEST_TOKENS + text_bound(*chars_of(prompt))


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
    return Usage(
        input_tokens=request.input_tokens,
        output_tokens=request.output_tokens,
        image_output_tokens=request.output_tokens,
        source=UsageSource.DOUBTFUL if doubted else UsageSource.MISSING,
        reported=doubted,
    )


def billed(
    usage: Usage, request: PictureRequest, *, reported: tuple[tuple[str, int], ...]
) -> Usage:
    """The provider's count, unless it is beyond belief: nothing for something, or far too much."""
    is_absurd = (
        usage.context_tokens > 2 * request.input_tokens + HIDDEN_PROMPT_TOKENS
        or usage.output_tokens > 2 * request.output_tokens
    )
    if usage.output_tokens == 0 or usage.context_tokens == 0:
        return estimate(request)
    return estimate(request, doubted=reported) if is_absurd else usage
