"""Search inside all messages: open and look, newest first, in bounded steps.

There is no index of the words, so none has to be protected or forgotten.
"""

import unicodedata
from collections.abc import Iterator
from uuid import UUID

from bluegpt.studio.models import Conversation, Message
from bluegpt.studio.queries.opened import open_texts
from bluegpt.studio.rules.excerpts import Excerpt, excerpt, folded
from bluegpt.studio.types.conversations import SearchHit, SearchPage

_BATCH_MESSAGES = 500
# What one request looks through at most; the page offers to go on from there.
SCAN_MESSAGES_MAX = 20_000
WORDS_CHARS_MAX = 200


def search(*, person_id: UUID, words: str, cursor: str = "", limit: int = 20) -> SearchPage:
    """Messages in which the words stand together, whatever their case and accents.

    Looks through at most SCAN_MESSAGES_MAX messages from the cursor on; a `next_cursor` says
    that there is more to look through, even when a page holds few hits.
    """
    wanted = folded(unicodedata.normalize("NFC", words.strip()[:WORDS_CHARS_MAX]))
    if not wanted:
        return SearchPage(hits=(), next_cursor="")
    found: list[tuple[Message, Excerpt]] = []
    last: UUID | None = None
    for scanned, (row, text) in enumerate(_newest_first(person_id, cursor)):
        if len(found) == limit or scanned == SCAN_MESSAGES_MAX:
            return SearchPage(hits=_hits(found, person_id), next_cursor=str(last))
        last = row.id
        match = excerpt(text, folded_words=wanted)
        if match:
            found.append((row, match))
    return SearchPage(hits=_hits(found, person_id), next_cursor="")


def _newest_first(person_id: UUID, cursor: str) -> Iterator[tuple[Message, str]]:
    rows = Message.objects.filter(person_id=person_id).order_by("-id")
    rows = rows.only("id", "conversation_id", "text_sealed", "created_at", "person_id")
    try:
        last = UUID(cursor)
    except ValueError:
        last = None
    while batch := list((rows.filter(id__lt=last) if last else rows)[:_BATCH_MESSAGES]):
        texts = open_texts(
            ((row.text_sealed, row.id) for row in batch), person_id=person_id, place="message.text"
        )
        yield from zip(batch, texts, strict=True)
        last = batch[-1].id


def _hits(found: list[tuple[Message, Excerpt]], person_id: UUID) -> tuple[SearchHit, ...]:
    rows = list(Conversation.objects.filter(id__in={row.conversation_id for row, _ in found}))
    titles = dict(
        zip(
            (row.id for row in rows),
            open_texts(
                ((row.title_sealed, row.id) for row in rows),
                person_id=person_id,
                place="conversation.title",
            ),
            strict=True,
        )
    )
    return tuple(
        SearchHit(
            conversation_id=row.conversation_id,
            message_id=row.id,
            title=titles[row.conversation_id],
            before=match.before,
            match=match.match,
            after=match.after,
            created_at=row.created_at,
        )
        for row, match in found
    )
