"""Writing conversations that came in an archive. What is in it was checked before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bluegpt.studio.models import Attachment, Conversation, Message
from bluegpt.studio.services.answers import StoredFile
from bluegpt.studio.services.sealing import seal_text

_BATCH_ROWS = 500
_ID = {"type": "string", "format": "uuid", "minLength": 36, "maxLength": 36}
_AT = {"type": "string", "format": "date-time", "maxLength": 40}
_MAYBE_ID = {"anyOf": [_ID, {"type": "null"}]}
_MAYBE_AT = {"anyOf": [_AT, {"type": "null"}]}
_TEXT = {"type": "string", "maxLength": 4_000_000}


def _object(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "conversations": _object(
        id=_ID,
        title={"type": "string", "maxLength": 200},
        title_is_chosen={"type": "boolean"},
        system=_TEXT,
        model_key={"type": "string", "maxLength": 200},
        leaf_id=_MAYBE_ID,
        created_at=_AT,
        last_message_at=_AT,
        pinned_at=_MAYBE_AT,
        archived_at=_MAYBE_AT,
    ),
    "messages": _object(
        id=_ID,
        conversation_id=_ID,
        parent_id=_MAYBE_ID,
        role={"enum": ["user", "assistant"]},
        text=_TEXT,
        reasoning=_TEXT,
        created_at=_AT,
        made_by={"anyOf": [{"type": "object"}, {"type": "null"}]},
    ),
    "attachments": _object(
        id=_ID,
        message_id=_ID,
        name={"type": "string", "maxLength": 200},
        media_type={"type": "string", "maxLength": 40},
        file={"type": "string", "maxLength": 100},
        created_at=_AT,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Records of an archive, in its own words, and the ids that they get here."""

    person_id: UUID
    conversations: Sequence[Mapping[str, Any]]
    messages: Sequence[Mapping[str, Any]]
    attachments: Sequence[tuple[Mapping[str, Any], StoredFile]]
    conversation_ids: Mapping[str, UUID]
    message_ids: Mapping[str, UUID]


def write(incoming: Incoming) -> None:
    """Write every row. Part of the caller's transaction."""
    Conversation.objects.bulk_create(_conversations(incoming), batch_size=_BATCH_ROWS)
    Message.objects.bulk_create(_messages(incoming), batch_size=_BATCH_ROWS)
    Attachment.objects.bulk_create(_attachments(incoming), batch_size=_BATCH_ROWS)


def _conversations(incoming: Incoming) -> Iterator[Conversation]:
    for record in incoming.conversations:
        row_id = incoming.conversation_ids[record["id"]]
        leaf_id = record["leaf_id"]
        yield Conversation(
            id=row_id,
            person_id=incoming.person_id,
            title_sealed=_sealed(record["title"], incoming, "conversation.title", row_id),
            title_is_chosen=record["title_is_chosen"],
            system_sealed=_sealed(record["system"], incoming, "conversation.system", row_id),
            model_key=record["model_key"],
            leaf_id=None if leaf_id is None else incoming.message_ids[leaf_id],
            created_at=_instant(record["created_at"]),
            last_message_at=_instant(record["last_message_at"]),
            pinned_at=_maybe(record["pinned_at"]),
            archived_at=_maybe(record["archived_at"]),
        )


def _messages(incoming: Incoming) -> Iterator[Message]:
    for record in incoming.messages:
        row_id = incoming.message_ids[record["id"]]
        parent_id = record["parent_id"]
        yield Message(
            id=row_id,
            person_id=incoming.person_id,
            conversation_id=incoming.conversation_ids[record["conversation_id"]],
            parent_id=None if parent_id is None else incoming.message_ids[parent_id],
            role=record["role"],
            text_sealed=_sealed(record["text"], incoming, "message.text", row_id),
            reasoning_sealed=_sealed(record["reasoning"], incoming, "message.reasoning", row_id),
            created_at=_instant(record["created_at"]),
        )


def _attachments(incoming: Incoming) -> Iterator[Attachment]:
    for record, stored in incoming.attachments:
        view = stored.view
        yield Attachment(
            id=view.id,
            person_id=incoming.person_id,
            message_id=incoming.message_ids[record["message_id"]],
            name_sealed=_sealed(view.name, incoming, "attachment.name", view.id),
            media_type=view.media_type,
            size_bytes=view.size_bytes,
            width_px=view.width_px,
            height_px=view.height_px,
            pages=view.pages,
            file_key=stored.file_key,
            created_at=_instant(record["created_at"]),
        )


def _sealed(text: str, incoming: Incoming, place: str, row_id: UUID) -> bytes:
    return seal_text(text, person_id=incoming.person_id, place=place, row_id=row_id)


def _maybe(text: str | None) -> datetime | None:
    return None if text is None else _instant(text)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
