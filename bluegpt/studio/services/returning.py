"""Conversations that come back in an archive: checked as a whole, then written batch by batch.

Everything is sealed anew under the keys of whoever takes it in. Ids are given by the archive's
order, so a run that was cut off is begun again and finds its own rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from asgiref.sync import async_to_sync
from django.db.models import Model
from django.utils.dateparse import parse_datetime

from bluegpt.core.personal_data import DataClass
from bluegpt.core.portable import Incoming
from bluegpt.privacy.errors.archives import ArchiveBroken
from bluegpt.providers.types.turns import Role
from bluegpt.studio.adapters.keeping import Kept, UnreadableFile, kept
from bluegpt.studio.models import Attachment, Conversation, Message
from bluegpt.studio.queries.opened import context
from bluegpt.studio.services.sealing import seal_text
from bluegpt.vault.services import files

_BATCH = 200
Values = Mapping[str, Any]


def is_empty(person_id: UUID) -> bool:
    """Whether the person has no conversation, archived ones included."""
    return not Conversation.objects.filter(person_id=person_id).exists()


def check(incoming: Incoming) -> None:
    """Whether every record hangs on one that is there, and every file can be read.

    Raises ArchiveBroken.
    """
    talk_of = _checked_messages(incoming)
    for values in incoming.records("conversations"):
        talk, leaf = incoming.new_id("conversations", values["id"]), values["leaf_id"]
        if leaf is not None and talk_of.get(incoming.new_id("messages", leaf)) != talk:
            raise ArchiveBroken
        for name in ("created_at", "last_message_at", "pinned_at", "archived_at"):
            maybe_at(values[name])
    for values in incoming.records("attachments"):
        incoming.new_id("messages", values["message_id"])
        at(values["created_at"])
        _file(incoming, values)


def take_in(incoming: Incoming) -> Mapping[str, int]:
    """Write what was checked; repeatable. Returns how many there are of each kind."""
    return {
        "conversations": written(incoming, "conversations", _conversation),
        "messages": written(incoming, "messages", _message),
        "attachments": sum(_attach(incoming, each) for each in incoming.records("attachments")),
    }


def _checked_messages(incoming: Incoming) -> dict[UUID, UUID]:
    """The conversation of each message. An answer stands after what it answers to."""
    talk_of: dict[UUID, UUID] = {}
    for values in incoming.records("messages"):
        talk = incoming.new_id("conversations", values["conversation_id"])
        parent = values["parent_id"]
        if parent is not None and talk_of.get(incoming.new_id("messages", parent)) != talk:
            raise ArchiveBroken
        terms = (values["made_by"] or {}).get("terms_url", "")
        if terms and not terms.startswith("https://"):
            raise ArchiveBroken
        at(values["created_at"])
        talk_of[incoming.new_id("messages", values["id"])] = talk
    return talk_of


def written(
    incoming: Incoming, kind: str, row_of: Callable[[Incoming, Values], Model | None]
) -> int:
    """Write a row per record of a kind, batch by batch; how many there are."""
    count = 0
    for some in batches(incoming.records(kind)):
        rows = [row for values in some if (row := row_of(incoming, values)) is not None]
        if not rows:
            continue
        model: Any = type(rows[0])

        def act(rows: list[Any] = rows, model: Any = model) -> None:
            model.objects.bulk_create(rows, ignore_conflicts=True)

        incoming.write(act)
        count += len(rows)
    return count


def _conversation(incoming: Incoming, values: Values) -> Conversation:
    row_id = incoming.new_id("conversations", values["id"])
    leaf = values["leaf_id"]
    return Conversation(
        id=row_id,
        person_id=incoming.person_id,
        title_sealed=sealed(incoming, values["title"], "conversation.title", row_id),
        title_is_chosen=values["title_is_chosen"],
        system_sealed=sealed(incoming, values["system"], "conversation.system", row_id),
        model_key=values["model_key"],
        leaf_id=None if leaf is None else incoming.new_id("messages", leaf),
        created_at=at(values["created_at"]),
        last_message_at=at(values["last_message_at"]),
        pinned_at=maybe_at(values["pinned_at"]),
        archived_at=maybe_at(values["archived_at"]),
    )


def _message(incoming: Incoming, values: Values) -> Message:
    row_id = incoming.new_id("messages", values["id"])
    parent, made_by = values["parent_id"], values["made_by"]
    told = orjson.dumps(made_by).decode() if made_by else ""
    return Message(
        id=row_id,
        person_id=incoming.person_id,
        conversation_id=incoming.new_id("conversations", values["conversation_id"]),
        parent_id=None if parent is None else incoming.new_id("messages", parent),
        role=Role(values["role"]),
        text_sealed=sealed(incoming, values["text"], "message.text", row_id),
        reasoning_sealed=sealed(incoming, values["reasoning"], "message.reasoning", row_id),
        made_by_sealed=sealed(incoming, told, "message.made_by", row_id),
        created_at=at(values["created_at"]),
    )


def _attach(incoming: Incoming, values: Values) -> int:
    """The row comes before the file, so that no file is nameless."""
    row_id = incoming.new_id("attachments", values["id"])
    file = _file(incoming, values)
    row = Attachment(
        id=row_id,
        person_id=incoming.person_id,
        message_id=incoming.new_id("messages", values["message_id"]),
        name_sealed=sealed(incoming, values["name"], "attachment.name", row_id),
        media_type=file.media_type,
        size_bytes=len(file.data),
        width_px=file.width_px,
        height_px=file.height_px,
        pages=file.pages,
        file_key=_file_key(row_id),
        created_at=at(values["created_at"]),
    )

    def act() -> None:
        Attachment.objects.bulk_create([row], ignore_conflicts=True)

    incoming.write(act)
    if not async_to_sync(files.exists)(row.file_key):
        _put(row, file.data)
    return 1


def _put(row: Attachment, data: bytes) -> None:
    async_to_sync(files.put)(
        data,
        person_id=row.person_id,
        data_class=DataClass.CONTENT,
        context=context("attachment.file", row.id),
        key=row.file_key,
    )
    if not Attachment.objects.filter(id=row.id).exists():  # deleted meanwhile
        async_to_sync(files.delete)(row.file_key)


def _file(incoming: Incoming, values: Values) -> Kept:
    """Raises ArchiveBroken for bytes that are not what the record says."""
    try:
        found = kept(values["name"], incoming.media(values["file"]))
    except UnreadableFile:
        raise ArchiveBroken from None
    if found.media_type != values["media_type"]:
        raise ArchiveBroken
    return found


def _file_key(row_id: UUID) -> str:
    """The same for each run."""
    name = sha256(b"studio.attachment.file" + row_id.bytes).hexdigest()[:48]
    return f"{name[:2]}/{name[2:]}"


def sealed(incoming: Incoming, text: str, place: str, row_id: UUID) -> bytes:
    """A text sealed under the keys of whoever takes it in."""
    return seal_text(text, person_id=incoming.person_id, place=place, row_id=row_id)


def maybe_at(told: str | None) -> datetime | None:
    """`at` for what may have no instant."""
    return None if told is None else at(told)


def at(told: str) -> datetime:
    """The instant. Raises ArchiveBroken for a day that no calendar has, or no time zone."""
    try:
        found = parse_datetime(told)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ArchiveBroken
    return found


def batches(records: Iterable[Values]) -> Iterator[list[Values]]:
    """As many records at a time as one transaction writes."""
    walk = iter(records)
    while some := list(islice(walk, _BATCH)):
        yield some
