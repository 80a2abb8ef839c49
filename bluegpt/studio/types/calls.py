"""Paid calls as their owner sees them, and the stream of an answer in the making."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from typing_extensions import override

from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.pictures import PartialPicture
from bluegpt.providers.types.turns import Turn
from bluegpt.providers.types.usage import Usage


class CallState(StrEnum):
    """The life of one paid answer."""

    LIVE = "live"
    COMPLETE = "complete"
    STOPPED = "stopped"  # by the person
    INTERRUPTED = "interrupted"  # our process ended under it
    FAILED = "failed"  # the provider could not, or broke off


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """What one answer was made with, what it used and what it cost."""

    id: UUID
    state: CallState
    model_key: str
    model_name: str
    finish: FinishReason | None
    usage: Usage
    ceiling_microcredits: int  # the most that it can cost
    charged_microcredits: int
    cost_is_in_doubt: bool  # somebody looks at the reported usage; nothing is charged until then
    error_code: str  # empty unless something went wrong
    error_sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The answer has begun. The ids other than the call's are None when nothing is stored.

    `is_repeated`: an earlier request with the same key had begun it.
    """

    call_id: UUID
    conversation_id: UUID | None
    question_id: UUID | None
    answer_id: UUID | None
    ceiling_microcredits: int
    begun_at: datetime
    is_repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQuote:
    """The most that a message can cost, before it is sent."""

    ceiling_microcredits: int
    input_tokens: int
    output_tokens_max: int
    available_microcredits: int
    is_affordable: bool


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Position:
    """How far a reader has got: characters of reasoning and of text already received."""

    reasoning_chars: int = 0
    text_chars: int = 0

    @override
    def __str__(self) -> str:
        return f"{self.reasoning_chars}.{self.text_chars}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEvent:
    """A piece of an answer for one reader, and where the reader stands after it.

    `partials` are unfinished pictures, small WebP files, the newest of each place. `call` comes
    with the last event only: the final state, usage and cost.
    """

    position: Position
    text: str = ""
    reasoning: str = ""
    usage: Usage = field(default_factory=Usage)
    partials: tuple[PartialPicture, ...] = ()
    call: CallView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest:
    """What is settled before a hold is placed: turns that fit, and the limit of the answer."""

    turns: tuple[Turn, ...]
    input_tokens_bound: int
    output_tokens_max: int
