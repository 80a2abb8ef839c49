"""Conversations and messages as their owner sees them, and a message on its way."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluegpt.providers.types.turns import Role
from bluegpt.studio.types.calls import CallView
from bluegpt.studio.types.files import AttachmentView, Upload
from bluegpt.studio.types.media import CreationView


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message of the branch on show; siblings are its alternatives at the same place.

    `creation` is what an answer shows that was asked of a model that draws.
    """

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
    creation: CreationView | None = None


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
