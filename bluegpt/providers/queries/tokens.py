"""How many tokens a question may cost, for the floors above."""

from bluegpt.providers.rules import tokens
from bluegpt.providers.types.chat import ChatRequest
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import Part


def request_bound(request: ChatRequest) -> int:
    """The most input tokens that the provider can count; pictures and PDF pages included.

    Sizes and pages are enough: the parts' bytes are not looked at.
    """
    return tokens.input_tokens_bound(request)


def request_tokens(request: ChatRequest) -> int:
    """The likely input tokens."""
    return tokens.input_tokens_estimate(request)


def part_bound(part: Part, model: Model) -> int:
    """The most tokens that one part adds to the input."""
    return tokens.part_bound(part, model)


def text_bound(*, ascii_chars: int, other_chars: int) -> int:
    """The most tokens of a text with so many ASCII and other characters."""
    return tokens.text_bound(ascii_chars, other_chars)


def text_tokens(*, ascii_chars: int, other_chars: int) -> int:
    """The likely tokens of a text with so many ASCII and other characters."""
    return tokens.text_estimate(ascii_chars, other_chars)
