"""A prompt that a program sends: its texts measured, its files read, and nothing kept."""

from django.conf import settings

from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import Part, Role, TextPart, Turn
from bluegpt.studio.errors import EmptyMessage, MessageTooLong
from bluegpt.studio.flows import attachments
from bluegpt.studio.rules.turns import merged
from bluegpt.studio.types.files import Upload
from bluegpt.studio.types.prompts import Prompt, PromptTurn


async def read(prompt: Prompt, model: Model) -> tuple[Turn, ...]:
    """The turns as the model is given them.

    They end with words of the user. Raises EmptyMessage, MessageTooLong, and what
    `attachments.read_uploads` raises.
    """
    check_length(prompt.system)
    turns = merged([await _turn(turn, model) for turn in prompt.turns])
    if not turns or turns[-1].role is not Role.USER:
        raise EmptyMessage
    return turns


def check_length(text: str) -> None:
    """Raise MessageTooLong for a text over the limit of one message."""
    chars_max = settings.BLUEGPT.chat.message_chars_max
    if len(text) > chars_max:
        raise MessageTooLong(chars=len(text), chars_max=chars_max)


async def _turn(turn: PromptTurn, model: Model) -> Turn:
    check_length("".join(piece for piece in turn.pieces if isinstance(piece, str)))
    uploads = [piece for piece in turn.pieces if isinstance(piece, Upload)]
    files = iter(await attachments.read_uploads(uploads, model))
    parts: list[Part] = []
    for piece in turn.pieces:
        parts.append(TextPart(text=piece) if isinstance(piece, str) else next(files)[1])
    return Turn(role=turn.role, parts=tuple(parts))
