"""Counting tokens without a tokenizer: a bound before the call, an estimate during it.

The bound sizes the hold. Twice the bound is what a byte-level tokenizer can reach at the very
most (a token per ASCII character, four per other character), so a count beyond that is absurd.
"""

from bluegpt.providers.rules import pictures
from bluegpt.providers.types.chat import ChatRequest
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import ImagePart, Part, PdfPart, TextPart

# What marks the beginning and the end of a turn and names its role.
TURN_TOKENS = 12
# What a provider or a chat template puts around the whole request.
REQUEST_TOKENS = 64
# Some models bring a system prompt of their own, which is counted as ours.
HIDDEN_PROMPT_TOKENS = 1_000


def text_bound(ascii_chars: int, other_chars: int) -> int:
    """The most tokens that a text of so many characters has in practice."""
    return -(-ascii_chars // 2) + 2 * other_chars


def text_estimate(ascii_chars: int, other_chars: int) -> int:
    """The likely tokens of a text: four ASCII characters each, or one and a half others."""
    return -(-(3 * ascii_chars + 8 * other_chars) // 12)


def chars_of(text: str) -> tuple[int, int]:
    """How many characters of a text are ASCII, and how many are not."""
    ascii_chars = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    return ascii_chars, len(text) - ascii_chars


def text_tokens(text: str) -> int:
    """The likely tokens of a text."""
    return text_estimate(*chars_of(text))


def part_bound(part: Part, model: Model) -> int:
    """The most tokens that one part of a turn adds to the input."""
    match part:
        case TextPart():
            return text_bound(*chars_of(part.text))
        case ImagePart():
            return pictures.image_bound(
                provider=model.provider,
                wire_name=model.wire_name,
                width_px=part.width_px,
                height_px=part.height_px,
            )
        case PdfPart():
            return part.pages * pictures.page_bound(model.provider)


def input_tokens_bound(request: ChatRequest) -> int:
    """The most input tokens that the provider can count for a request."""
    system = text_bound(*chars_of(request.system))
    parts = (part_bound(part, request.model) for turn in request.turns for part in turn.parts)
    return REQUEST_TOKENS + TURN_TOKENS * len(request.turns) + system + sum(parts)


def input_tokens_estimate(request: ChatRequest) -> int:
    """The likely input tokens of a request, for calls that end before the provider counts."""
    total = text_tokens(request.system) + TURN_TOKENS // 2 * len(request.turns)
    for turn in request.turns:
        for part in turn.parts:
            if isinstance(part, TextPart):
                total += text_tokens(part.text)
            else:
                total += part_bound(part, request.model)
    return total


def input_tokens_absurd(request: ChatRequest) -> int:
    """A count of input tokens above this is not believed."""
    return 2 * input_tokens_bound(request) + HIDDEN_PROMPT_TOKENS
