"""What a model is told: the branch up to a message, its files still as keys."""

from collections import defaultdict
from dataclasses import dataclass, replace
from uuid import UUID

from bluegpt.providers.types.turns import Role
from bluegpt.studio.errors import UnknownMessage
from bluegpt.studio.models import Asset, Attachment, Conversation
from bluegpt.studio.queries.branches import path_to
from bluegpt.studio.queries.conversations import attachment_view, own, parent_of
from bluegpt.studio.queries.opened import open_text, open_texts
from bluegpt.studio.types.files import AttachmentView
from bluegpt.studio.types.media import Kind

# Longer branches are cut off at their beginning; no context window reaches that far.
HISTORY_MESSAGES_MAX = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFile:
    """A file of an earlier message, and where it is sealed: "asset.file" for one made here."""

    view: AttachmentView
    file_key: str
    place: str = "attachment.file"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTurn:
    """An earlier message. `pictures` are what an answer shows that was not made of words."""

    role: Role
    text: str
    files: tuple[PastFile, ...]
    pictures: tuple[PastFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The branch up to `leaf_id`, and what the conversation is told first."""

    leaf_id: UUID | None
    model_key: str
    system: str
    turns: tuple[PastTurn, ...]


def history(*, person_id: UUID, conversation_id: UUID, leaf_id: UUID | None = None) -> History:
    """The branch that ends at `leaf_id`, or at the end of the one on show.

    Raises UnknownConversation, and UnknownMessage for a leaf that is not in it.
    """
    row = own(person_id, conversation_id)
    end = leaf_id or row.leaf_id
    turns: tuple[PastTurn, ...] = ()
    if end is not None:
        turns = _turns(row, end)
        if not turns:
            raise UnknownMessage
    return History(
        leaf_id=end, model_key=row.model_key, system=_system(row, person_id), turns=turns
    )


def up_to_question_of(*, person_id: UUID, conversation_id: UUID, answer_id: UUID) -> History:
    """The branch that ends with the question of an answer. Raises UnknownMessage."""
    question_id = parent_of(
        person_id=person_id,
        conversation_id=conversation_id,
        message_id=answer_id,
        role=Role.ASSISTANT,
    )
    if question_id is None:
        raise UnknownMessage
    return history(person_id=person_id, conversation_id=conversation_id, leaf_id=question_id)


def before_question(
    *, person_id: UUID, conversation_id: UUID, message_id: UUID
) -> tuple[History, tuple[PastFile, ...]]:
    """The branch before a question, and the files of the question. Raises UnknownMessage."""
    parent_id = parent_of(
        person_id=person_id,
        conversation_id=conversation_id,
        message_id=message_id,
        role=Role.USER,
    )
    asked = history(person_id=person_id, conversation_id=conversation_id, leaf_id=message_id)
    before = replace(asked, leaf_id=parent_id, turns=asked.turns[:-1])
    return before, asked.turns[-1].files


def _system(row: Conversation, person_id: UUID) -> str:
    return open_text(
        row.system_sealed, person_id=person_id, place="conversation.system", row_id=row.id
    )


def _turns(row: Conversation, leaf_id: UUID) -> tuple[PastTurn, ...]:
    messages = path_to(leaf_id, conversation_id=row.id, limit=HISTORY_MESSAGES_MAX)
    texts = open_texts(
        ((message.text_sealed, message.id) for message in messages),
        person_id=row.person_id,
        place="message.text",
    )
    files = _files([message.id for message in messages], row.person_id)
    pictures = _pictures([message.id for message in messages])
    return tuple(
        PastTurn(
            role=Role(message.role),
            text=text,
            files=tuple(files[message.id]),
            pictures=tuple(pictures[message.id]),
        )
        for message, text in zip(messages, texts, strict=True)
    )


def _files(message_ids: list[UUID], person_id: UUID) -> defaultdict[UUID, list[PastFile]]:
    files: defaultdict[UUID, list[PastFile]] = defaultdict(list)
    rows = list(Attachment.objects.filter(message_id__in=message_ids).order_by("id"))
    names = open_texts(
        ((row.name_sealed, row.id) for row in rows), person_id=person_id, place="attachment.name"
    )
    for row, name in zip(rows, names, strict=True):
        files[row.message_id].append(
            PastFile(view=attachment_view(row, name), file_key=row.file_key)
        )
    return files


def _pictures(message_ids: list[UUID]) -> defaultdict[UUID, list[PastFile]]:
    """What answers of the branch show, by the answer, in the order in which they were made."""
    pictures: defaultdict[UUID, list[PastFile]] = defaultdict(list)
    rows = Asset.objects.filter(creation__message_id__in=message_ids, kind=Kind.PICTURE)
    for row in rows.select_related("creation").order_by("place"):
        if row.creation is not None and row.creation.message_id is not None:
            pictures[row.creation.message_id].append(
                PastFile(view=_as_file(row), file_key=row.file_key, place="asset.file")
            )
    return pictures


def _as_file(row: Asset) -> AttachmentView:
    return AttachmentView(
        id=row.id,
        name="",
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        width_px=row.width_px,
        height_px=row.height_px,
        pages=0,
    )
