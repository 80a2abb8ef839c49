"""Conversations as an archive has them: to be read, and to be taken elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext

from bluegpt.core.personal_data import DataClass
from bluegpt.core.portable import Page, PageFile, Part, PortableFile, Record, media_path
from bluegpt.privacy.queries.manifest import recipients
from bluegpt.privacy.types.clearances import Recipient
from bluegpt.providers.types.turns import Role
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.studio.queries.opened import context, open_text, open_texts

_BATCH = 200


def pages(person_id: UUID) -> Iterator[Page]:
    """Each conversation as a page, the oldest first."""
    for rows in batches(Conversation.objects.filter(person_id=person_id)):
        for row, title, system in zip(rows, *_conversation_texts(rows, person_id), strict=True):
            yield Page(
                key=str(row.id),
                title=title,
                at=row.created_at,
                preface=system,
                parts=lambda row_id=row.id: _parts(row_id, person_id),  # type: ignore[misc]
            )


def records(kind: str, person_id: UUID) -> Iterator[Record]:
    """The records of one kind: "conversations", "messages" or "attachments"."""
    makers = {"conversations": _conversations, "messages": _messages, "attachments": _attachments}
    return makers[kind](person_id)


def _conversations(person_id: UUID) -> Iterator[Record]:
    for rows in batches(Conversation.objects.filter(person_id=person_id)):
        for row, title, system in zip(rows, *_conversation_texts(rows, person_id), strict=True):
            yield Record(
                values={
                    "id": row.id,
                    "title": title,
                    "title_is_chosen": row.title_is_chosen,
                    "system": system,
                    "model_key": row.model_key,
                    "leaf_id": row.leaf_id,
                    "created_at": row.created_at,
                    "last_message_at": row.last_message_at,
                    "pinned_at": row.pinned_at,
                    "archived_at": row.archived_at,
                }
            )


def _messages(person_id: UUID) -> Iterator[Record]:
    companies = {facts.key: facts for facts in recipients()}
    for rows in batches(Message.objects.filter(person_id=person_id).select_related("call")):
        for row, text, reasoning in zip(rows, *_message_texts(rows, person_id), strict=True):
            yield Record(
                values={
                    "id": row.id,
                    "conversation_id": row.conversation_id,
                    "parent_id": row.parent_id,
                    "role": row.role,
                    "text": text,
                    "reasoning": reasoning,
                    "created_at": row.created_at,
                    "made_by": _made_by(row, companies),
                }
            )


def _attachments(person_id: UUID) -> Iterator[Record]:
    for rows in batches(Attachment.objects.filter(person_id=person_id)):
        for row, name in zip(rows, _names(rows, person_id), strict=True):
            path = media_path(row.id, row.media_type)
            yield Record(
                values={
                    "id": row.id,
                    "message_id": row.message_id,
                    "name": name,
                    "media_type": row.media_type,
                    "file": path,
                    "created_at": row.created_at,
                },
                files=(
                    PortableFile(
                        path=path,
                        file_key=row.file_key,
                        data_class=DataClass.CONTENT,
                        context=context("attachment.file", row.id),
                    ),
                ),
            )


def _made_by(row: Message, companies: Mapping[str, Recipient]) -> dict[str, Any] | None:
    """Who wrote an answer, and under which terms it is the person's."""
    call: Call | None = row.call
    if call is None:
        came_with = open_text(
            row.made_by_sealed, person_id=row.person_id, place="message.made_by", row_id=row.id
        )
        return orjson.loads(came_with) if came_with else None
    return made_by(call, companies)


def made_by(call: Call, companies: Mapping[str, Recipient]) -> dict[str, Any]:
    """Whose model a call paid, and under which terms what it made is the person's."""
    company = companies.get(call.recipient)
    return {
        "model": call.model_name,
        "company": company.company if company else call.recipient,
        "terms_url": company.terms_url if company else "",
        "terms_of": call.created_at.date(),
    }


def _parts(conversation_id: UUID, person_id: UUID) -> Iterator[Part]:
    companies = {facts.key: facts for facts in recipients()}
    mine = Message.objects.filter(conversation_id=conversation_id).select_related("call")
    for rows in batches(mine):
        files = _page_files(rows, person_id)
        for row, text, reasoning in zip(rows, *_message_texts(rows, person_id), strict=True):
            is_own = row.role == Role.USER
            yield Part(
                author=gettext("You") if is_own else gettext("Answer"),
                is_persons_own=is_own,
                at=row.created_at,
                text=text,
                aside=reasoning,
                notes=notes(_made_by(row, companies)),
                files=tuple(files.get(row.id, ())),
            )


def notes(maker: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The same in words, beside what was made."""
    if maker is None:
        return ()
    told = gettext("%(model)s, %(company)s") % {
        "model": maker["model"],
        "company": maker["company"],
    }
    if not maker["terms_url"]:
        return (told,)
    terms = gettext("This answer is yours under the terms of %(day)s: %(url)s") % {
        "day": date_format(_day(maker["terms_of"]), "DATE_FORMAT"),
        "url": maker["terms_url"],
    }
    return told, terms


def _day(written: date | str) -> date:
    return date.fromisoformat(written) if isinstance(written, str) else written


def _page_files(rows: Sequence[Message], person_id: UUID) -> dict[UUID, list[PageFile]]:
    asked = [row.id for row in rows if row.role == Role.USER]
    attached = list(Attachment.objects.filter(message_id__in=asked).order_by("id"))
    found: dict[UUID, list[PageFile]] = {}
    for row, name in zip(attached, _names(attached, person_id), strict=True):
        file = PageFile(
            name=name,
            path=media_path(row.id, row.media_type),
            is_picture=row.media_type.startswith("image/"),
        )
        found.setdefault(row.message_id, []).append(file)
    return found


def _conversation_texts(
    rows: Sequence[Conversation], person_id: UUID
) -> tuple[Iterator[str], Iterator[str]]:
    titles = ((row.title_sealed, row.id) for row in rows)
    systems = ((row.system_sealed, row.id) for row in rows)
    return (
        open_texts(titles, person_id=person_id, place="conversation.title"),
        open_texts(systems, person_id=person_id, place="conversation.system"),
    )


def _message_texts(rows: Sequence[Message], person_id: UUID) -> tuple[Iterator[str], Iterator[str]]:
    texts = ((row.text_sealed, row.id) for row in rows)
    thoughts = ((row.reasoning_sealed, row.id) for row in rows)
    return (
        open_texts(texts, person_id=person_id, place="message.text"),
        open_texts(thoughts, person_id=person_id, place="message.reasoning"),
    )


def _names(rows: Sequence[Attachment], person_id: UUID) -> Iterator[str]:
    pairs = ((row.name_sealed, row.id) for row in rows)
    return open_texts(pairs, person_id=person_id, place="attachment.name")


def batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """By primary key, which is the order of birth."""
    mine = rows.order_by("id")
    last = None
    while batch := list((mine if last is None else mine.filter(id__gt=last))[:_BATCH]):
        last = batch[-1].id
        yield batch
