"""Taking in conversations from an archive: checked first, files sealed, then all rows at once.

Nothing in an archive is believed: every id is made anew, a message belongs to a conversation of
the same archive and answers to one that came before it there, and files are read and re-made as
if they had just been uploaded.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync

from bluegpt.core.ids import new_id
from bluegpt.core.portable import Prepared, Taken
from bluegpt.providers.types import Role
from bluegpt.studio.errors import StrangeArchive
from bluegpt.studio.flows import attachments
from bluegpt.studio.services import imports
from bluegpt.studio.services.answers import StoredFile
from bluegpt.studio.types import Upload

Ids = dict[str, UUID]


def prepare(taken: Taken) -> Prepared:
    """Check everything and seal the files. Raises StrangeArchive, UnreadableAttachment."""
    conversations = taken.records["conversations"]
    messages = taken.records["messages"]
    files = taken.records["attachments"]
    conversation_ids = _fresh(conversations)
    message_ids = _fresh(messages)
    _check_messages(messages, conversation_ids)
    _check_leaves(conversations, messages)
    _check_files(files, messages)
    named = [
        (
            record,
            attachments.read_upload(Upload(name=record["name"], data=taken.file(record["file"]))),
        )
        for record in files
    ]
    stored: list[StoredFile] = async_to_sync(attachments.store)(
        taken.person_id, [(record["name"], part) for record, part in named]
    )

    def commit() -> None:
        imports.write(
            imports.Incoming(
                person_id=taken.person_id,
                conversations=conversations,
                messages=messages,
                attachments=list(zip(files, stored, strict=True)),
                conversation_ids=conversation_ids,
                message_ids=message_ids,
            )
        )

    return Prepared(commit=commit, undo=lambda: async_to_sync(attachments.discard)(stored))


def _fresh(records: Sequence[Mapping[str, Any]]) -> Ids:
    """A new id for each old one, in the same order: ids say who was born first."""
    ids = {record["id"]: new_id() for record in records}
    if len(ids) != len(records):
        raise StrangeArchive
    return ids


def _check_messages(messages: Sequence[Mapping[str, Any]], conversation_ids: Ids) -> None:
    seen: dict[str, tuple[str, str]] = {}
    for record in messages:
        if record["conversation_id"] not in conversation_ids:
            raise StrangeArchive
        parent_id = record["parent_id"]
        if parent_id is not None:
            # Before it, in the same conversation, and of the other side.
            if seen.get(parent_id) != (record["conversation_id"], _other(record["role"])):
                raise StrangeArchive
        elif record["role"] != Role.USER:
            raise StrangeArchive
        seen[record["id"]] = (record["conversation_id"], record["role"])


def _other(role: str) -> str:
    return Role.ASSISTANT if role == Role.USER else Role.USER


def _check_leaves(
    conversations: Sequence[Mapping[str, Any]], messages: Sequence[Mapping[str, Any]]
) -> None:
    home = {record["id"]: record["conversation_id"] for record in messages}
    for record in conversations:
        if record["leaf_id"] is not None and home.get(record["leaf_id"]) != record["id"]:
            raise StrangeArchive


def _check_files(files: Sequence[Mapping[str, Any]], messages: Sequence[Mapping[str, Any]]) -> None:
    asked = {record["id"] for record in messages if record["role"] == Role.USER}
    if any(record["message_id"] not in asked for record in files):
        raise StrangeArchive
