"""Studio's words: conversations and answers as their owner sees them, and the stream's events."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from typing_extensions import override

from bluegpt.providers.types import FinishReason, PictureFormat, Role, Turn, Usage


class CallState(StrEnum):
    """The life of one paid answer."""

    LIVE = "live"
    COMPLETE = "complete"
    STOPPED = "stopped"  # by the person
    INTERRUPTED = "interrupted"  # our process ended under it
    FAILED = "failed"  # the provider could not, or broke off


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came from a form: nothing about it is believed yet."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """A file that was read, re-made and sealed. `pages` is 0 for pictures, sizes 0 for PDFs."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    pages: int


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
class MessageView:
    """One message of the branch on show; siblings are its alternatives at the same place."""

    id: UUID
    role: Role
    text: str
    reasoning: str
    created_at: datetime
    call: CallView | None  # only answers have one
    attachments: tuple[AttachmentView, ...]
    sibling_number: int  # from 1
    sibling_count: int
    previous_sibling_id: UUID | None
    next_sibling_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationLine:
    """A conversation in the list."""

    id: UUID
    title: str
    last_message_at: datetime
    is_pinned: bool
    is_archived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationPage:
    """A page of the list; `next_cursor` is empty on the last one."""

    lines: tuple[ConversationLine, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationView:
    """A conversation with the newest messages of its branch on show.

    `earlier_cursor` names the message before which more can be asked for; None at the beginning.
    """

    id: UUID
    title: str
    system: str
    model_key: str
    is_pinned: bool
    is_archived: bool
    messages: tuple[MessageView, ...]
    earlier_cursor: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A message that holds the words, with the text around the first match."""

    conversation_id: UUID
    message_id: UUID
    title: str
    before: str
    match: str
    after: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Hits, newest first; `next_cursor` is empty when everything was looked through."""

    hits: tuple[SearchHit, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryTurn:
    """A turn of a conversation that only the page remembers."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A message on its way to a model.

    `conversation_id` None starts a new conversation. `parent_id` is the message it answers to:
    None means the end of the branch on show. `temporary` holds the turns so far of a conversation
    that is never stored; then `conversation_id` is ignored.
    """

    person_id: UUID
    text: str
    model_key: str
    system: str | None = None  # None keeps the conversation's
    conversation_id: UUID | None = None
    parent_id: UUID | None = None
    uploads: tuple[Upload, ...] = ()
    temporary: tuple[TemporaryTurn, ...] | None = None
    request_key: UUID | None = None  # the form's idempotency key: sending twice asks once


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptTurn:
    """One message of a prompt: its texts and files, in order."""

    role: Role
    pieces: tuple[str | Upload, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A whole conversation, sent at once by a program that keeps it itself: nothing is stored.

    `output_tokens_max` is a lower limit than the one that model, window and purse set.
    `request_key` makes sending twice ask once, as long as `request_digest` is the same.
    """

    person_id: UUID
    model_key: str
    system: str
    turns: tuple[PromptTurn, ...]
    output_tokens_max: int | None = None
    key_id: UUID | None = None  # the API key whose limits count
    request_key: UUID | None = None
    request_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturePrompt:
    """Pictures that a program asks for. `size`, `quality` and `background` may be "auto".

    `request_key` and `request_digest` as in a Prompt.
    """

    person_id: UUID
    model_key: str
    text: str
    number: int
    size: str
    quality: str
    background: str
    format: PictureFormat
    key_id: UUID | None = None
    request_key: UUID | None = None
    request_digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """What was drawn: whole files of one size, each with a mark of how it was made."""

    files: tuple[bytes, ...] = field(repr=False)
    size: str
    quality: str  # empty where the provider does not say what it chose
    background: str
    format: PictureFormat


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

    `call` comes with the last event only: the final state, usage and cost.
    """

    position: Position
    text: str = ""
    reasoning: str = ""
    usage: Usage = field(default_factory=Usage)
    call: CallView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRequest:
    """What is settled before a hold is placed: turns that fit, and the limit of the answer."""

    turns: tuple[Turn, ...]
    input_tokens_bound: int
    output_tokens_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A kind of use in which our count and a provider's report differ beyond the tolerance.

    Positive when we counted more. Explained when calls whose count or day is not certain reach
    that far.
    """

    kind: str
    ours: int
    theirs: int
    is_explained: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDay:
    """One model on one UTC day, beside the provider's report.

    `given_back_microcredits` is what has come back to customers because of it, in all runs.
    """

    model: str
    calls: int
    gaps: tuple[Gap, ...]
    given_back_microcredits: int
    case_id: UUID | None

    @property
    def is_explained(self) -> bool:
        return all(gap.is_explained for gap in self.gaps)
