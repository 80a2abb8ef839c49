"""A small deterministic tokenizer: about four characters to a token, no vocabulary."""

import re

from bluegpt.providers.adapters.sandbox.ask import Ask, Attachment, Said

PIXELS_PER_TOKEN = 750
IMAGE_TOKENS_MAX = 1_600
PAGE_TOKENS = 1_500
TURN_TOKENS = 3  # what marks the beginning and the end of a turn

_PIECE = re.compile(
    # A word with its space and what closes it, or the next six letters of a longer one.
    r"[ \t]?[A-Za-z0-9\u00c0-\u024f]{1,6}(?:[!-/:-@\[-`{-~]|\n)?"
    r"|[ \t]?[!-/:-@\[-`{-~]{1,4}\n?"
    r"|[ \t]{1,8}|\n+|.",  # anything else (other scripts, emoji) counts one by one
    re.DOTALL,
)


def pieces(text: str) -> list[str]:
    """The tokens of a text; joined again they are the text."""
    return _PIECE.findall(text)


def count(text: str) -> int:
    """How many tokens a text has; never more than it has characters."""
    return len(pieces(text))


def attachment_tokens(attachment: Attachment) -> int:
    """Pictures count by their area, documents by their pages, links not at all."""
    if attachment.is_image:
        area = attachment.width_px * attachment.height_px
        return min(IMAGE_TOKENS_MAX, -(-area // PIXELS_PER_TOKEN))
    return attachment.pages * PAGE_TOKENS


def image_tokens(ask: Ask) -> int:
    """The part of the input that pictures are."""
    pictures = (one for said in ask.turns for one in said.attachments if one.is_image)
    return sum(map(attachment_tokens, pictures))


def turn_tokens(said: Said) -> int:
    """All that one turn adds to the input."""
    return TURN_TOKENS + count(said.text) + sum(map(attachment_tokens, said.attachments))


def system_tokens(ask: Ask) -> int:
    """What the instructions add to the input: nothing when there are none."""
    return TURN_TOKENS + count(ask.system) if ask.system else 0


def input_tokens(ask: Ask) -> int:
    """All input of one call, cached or not."""
    return system_tokens(ask) + sum(map(turn_tokens, ask.turns))
