"""The list of conversations and the pages of one. The number of queries does not grow."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from bluegpt.core import clock
from bluegpt.core.errors import Missing
from bluegpt.providers.types.turns import Role
from bluegpt.studio.errors import UnknownConversation, UnknownMessage
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.studio.queries import branches, gallery
from bluegpt.studio.queries.calls import view_of
from bluegpt.studio.queries.opened import open_text, open_texts
from bluegpt.studio.types.conversations import (
    ConversationLine,
    ConversationPage,
    ConversationView,
    MessageView,
)
from bluegpt.studio.types.files import AttachmentView

PINNED_MAX = 100
# Pages of the list and of a conversation; the next is fetched when a reader comes near.
PAGE_LINES = 20
PAGE_MESSAGES = 10
# Longer than two queries of one page can be apart.
_JUST_ENDED_S = 30


def conversations(
    *, person_id: UUID, archived: bool = False, cursor: str = "", limit: int = PAGE_LINES
) -> ConversationPage:
    """A page of the list, newest first; the pinned ones stand before the first page.

    A cursor that we did not make starts from the beginning.
    """
    mine = Conversation.objects.filter(person_id=person_id)
    rest = mine.exclude(archived_at=None) if archived else mine.filter(archived_at=None)
    pinned: list[Conversation] = []
    if not archived:
        if not cursor:
            pinned = list(
                mine.filter(archived_at=None)
                .exclude(pinned_at=None)
                .order_by("-pinned_at")[:PINNED_MAX]
            )
        rest = rest.filter(pinned_at=None)
    rows = list(_after(rest, cursor).order_by("-last_message_at", "-id")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    next_cursor = f"{rows[-1].last_message_at.isoformat()}~{rows[-1].id}" if more else ""
    return ConversationPage(lines=_lines([*pinned, *rows], person_id), next_cursor=next_cursor)


def _after(rows: QuerySet[Conversation], cursor: str) -> QuerySet[Conversation]:
    instant, _tilde, key = cursor.partition("~")
    try:
        at, last_id = datetime.fromisoformat(instant), UUID(key)
    except ValueError:
        return rows
    return rows.filter(last_message_at__lte=at).filter(
        Q(last_message_at__lt=at) | Q(last_message_at=at, id__lt=last_id)
    )


def _lines(rows: Sequence[Conversation], person_id: UUID) -> tuple[ConversationLine, ...]:
    titles = open_texts(
        ((row.title_sealed, row.id) for row in rows),
        person_id=person_id,
        place="conversation.title",
    )
    return tuple(
        ConversationLine(
            id=row.id,
            title=title,
            last_message_at=row.last_message_at,
            is_pinned=row.pinned_at is not None,
            is_archived=row.archived_at is not None,
        )
        for row, title in zip(rows, titles, strict=True)
    )


def conversation(
    *,
    person_id: UUID,
    conversation_id: UUID,
    before: UUID | None = None,
    limit: int = PAGE_MESSAGES,
) -> ConversationView:
    """A conversation with the last `limit` messages of its branch, or those before a message.

    Raises UnknownConversation, and UnknownMessage for a `before` that is not in it.
    """
    row = own(person_id, conversation_id)
    messages = _page(row, before, limit + 1)
    more = len(messages) > limit
    messages = messages[-limit:]
    return ConversationView(
        id=row.id,
        title=open_text(
            row.title_sealed, person_id=person_id, place="conversation.title", row_id=row.id
        ),
        system=open_text(
            row.system_sealed, person_id=person_id, place="conversation.system", row_id=row.id
        ),
        model_key=row.model_key,
        is_pinned=row.pinned_at is not None,
        is_archived=row.archived_at is not None,
        messages=_message_views(messages, person_id),
        earlier_cursor=messages[0].id if more else None,
    )


def message(*, person_id: UUID, message_id: UUID) -> MessageView:
    """One message as it stands on its branch. Raises UnknownMessage."""
    row = Message.objects.filter(id=message_id, person_id=person_id).first()
    if row is None:
        raise UnknownMessage
    return _message_views([row], person_id)[0]


def model_of(*, person_id: UUID, conversation_id: UUID, answer_id: UUID) -> str:
    """The key of the model that gave an answer; the conversation's where no call says it.

    Raises UnknownConversation, UnknownMessage.
    """
    talk = own(person_id, conversation_id)
    rows = Message.objects.filter(id=answer_id, conversation=talk).select_related("call")
    if (row := rows.first()) is None:
        raise UnknownMessage
    return row.call.model_key if row.call else talk.model_key


def parent_of(
    *, person_id: UUID, conversation_id: UUID, message_id: UUID, role: Role
) -> UUID | None:
    """What a message of this role answers to, None at the beginning. Raises UnknownMessage."""
    row = Message.objects.filter(
        id=message_id, conversation_id=conversation_id, person_id=person_id, role=role
    ).first()
    if row is None:
        raise UnknownMessage
    return row.parent_id


def own(person_id: UUID, conversation_id: UUID) -> Conversation:
    """The row, when it is this person's. Raises UnknownConversation."""
    try:
        return Conversation.objects.get(id=conversation_id, person_id=person_id)
    except Conversation.DoesNotExist:
        raise UnknownConversation from None


def _page(row: Conversation, before: UUID | None, limit: int) -> list[Message]:
    leaf_id = row.leaf_id
    if before is not None:
        above = Message.objects.filter(id=before, conversation=row).values_list("parent_id")
        if not above:
            raise UnknownMessage
        leaf_id = above[0][0]
    if leaf_id is None:
        return []
    return branches.path_to(leaf_id, conversation_id=row.id, limit=limit)


def _message_views(messages: Sequence[Message], person_id: UUID) -> tuple[MessageView, ...]:
    siblings = branches.siblings_of(messages)
    calls = Call.objects.in_bulk([row.call_id for row in messages if row.call_id])
    messages = _as_ended(messages, calls)
    attached = _attachments(messages, person_id)
    shown = gallery.creations_in(
        person_id=person_id, message_ids=[row.id for row in messages if row.role != Role.USER]
    )
    texts = open_texts(
        ((row.text_sealed, row.id) for row in messages), person_id=person_id, place="message.text"
    )
    thoughts = open_texts(
        ((row.reasoning_sealed, row.id) for row in messages),
        person_id=person_id,
        place="message.reasoning",
    )
    views = []
    for row, text, reasoning in zip(messages, texts, thoughts, strict=True):
        alike = siblings[row.id]
        place = alike.index(row.id)
        views.append(
            MessageView(
                id=row.id,
                role=Role(row.role),
                text=text,
                reasoning=reasoning,
                created_at=row.created_at,
                call=view_of(calls[row.call_id]) if row.call_id else None,
                attachments=tuple(attached[row.id]),
                creation=shown.get(row.id),
                sibling_number=place + 1,
                sibling_count=len(alike),
                previous_sibling_id=alike[place - 1] if place else None,
                next_sibling_id=alike[place + 1] if place + 1 < len(alike) else None,
            )
        )
    return tuple(views)


def _as_ended(messages: Sequence[Message], calls: Mapping[UUID, Call]) -> Sequence[Message]:
    """The messages as they are since their answers ended.

    A message is read before its call. One that ended in between would be shown as complete with
    the text of before, and nothing would ever mend it: so what has just ended is read again.
    """
    since = clock.now() - timedelta(seconds=_JUST_ENDED_S)
    just_ended = {key for key, call in calls.items() if call.ended_at and call.ended_at > since}
    if not just_ended:
        return messages
    again = Message.objects.in_bulk([row.id for row in messages if row.call_id in just_ended])
    return [again.get(row.id, row) for row in messages]


def _attachments(
    messages: Sequence[Message], person_id: UUID
) -> defaultdict[UUID, list[AttachmentView]]:
    asked = [row.id for row in messages if row.role == Role.USER]
    rows = list(Attachment.objects.filter(message_id__in=asked).order_by("id"))
    attached: defaultdict[UUID, list[AttachmentView]] = defaultdict(list)
    names = open_texts(
        ((row.name_sealed, row.id) for row in rows), person_id=person_id, place="attachment.name"
    )
    for row, name in zip(rows, names, strict=True):
        attached[row.message_id].append(attachment_view(row, name))
    return attached


def attachment_view(row: Attachment, name: str) -> AttachmentView:
    """A file as its owner sees it."""
    return AttachmentView(
        id=row.id,
        name=name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        width_px=row.width_px,
        height_px=row.height_px,
        pages=row.pages,
    )


def attachment(*, person_id: UUID, attachment_id: UUID) -> tuple[AttachmentView, str]:
    """A file and the key of its bytes in the file store. Raises Missing."""
    row = Attachment.objects.filter(id=attachment_id, person_id=person_id).first()
    if row is None:
        raise Missing
    name = open_text(row.name_sealed, person_id=person_id, place="attachment.name", row_id=row.id)
    return attachment_view(row, name), row.file_key
