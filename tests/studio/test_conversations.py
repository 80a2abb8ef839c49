"""The list of conversations, search, and deletion."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bluegpt.core.threads import in_thread
from bluegpt.core.worker import Worker
from bluegpt.studio.flows import chat, live
from bluegpt.studio.flows.erasure import delete_conversation
from bluegpt.studio.models import Attachment, Call, Message
from bluegpt.studio.queries import branches
from bluegpt.studio.queries.conversations import conversation, conversations
from bluegpt.studio.queries.search import search
from bluegpt.studio.services import conversations as actions
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.conversations import Ask
from bluegpt.studio.types.files import Upload
from tests.studio.conftest import Kept, kept
from tests.studio.test_attachments import png

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
Asking = Callable[..., Ask]


async def _asked(asking: Asking, text: str, **more: object) -> Kept:
    ask = asking(text, **more)
    asked = await chat.ask(ask)
    await live.finished(person_id=ask.person_id, call_id=asked.call_id)
    return kept(asked)


async def test_the_list_is_newest_first_with_the_pinned_before(
    asking: Asking, somebody: UUID
) -> None:
    first, second, third = [await _asked(asking, text) for text in ("Ash", "Birch", "Cedar")]
    await in_thread(actions.pin, person_id=somebody, conversation_id=first.conversation_id)
    await in_thread(actions.archive, person_id=somebody, conversation_id=second.conversation_id)

    page = await in_thread(conversations, person_id=somebody)
    archived = await in_thread(conversations, person_id=somebody, archived=True)

    assert [line.id for line in page.lines] == [first.conversation_id, third.conversation_id]
    assert page.lines[0].is_pinned
    assert [line.id for line in archived.lines] == [second.conversation_id]


async def test_pages_of_the_list_meet_without_gap_or_overlap(
    asking: Asking, somebody: UUID
) -> None:
    made = [(await _asked(asking, str(number))).conversation_id for number in range(5)]

    found: list[UUID] = []
    cursor = ""
    while True:
        page = await in_thread(conversations, person_id=somebody, cursor=cursor, limit=2)
        found += [line.id for line in page.lines]
        cursor = page.next_cursor
        if not cursor:
            break

    assert found == made[::-1]


async def test_an_answer_that_ends_while_it_is_read_is_shown_as_it_ended(
    asking: Asking, somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await _asked(asking, "Ash", switches="pace_ms=0 first_ms=0 tokens=20")
    path_to = branches.path_to

    def read_before_the_end(*args: Any, **options: Any) -> list[Message]:
        rows = path_to(*args, **options)
        rows[-1].text_sealed = b""  # as it stood before the transaction that ended the call
        return rows

    monkeypatch.setattr(branches, "path_to", read_before_the_end)
    view = await in_thread(conversation, person_id=somebody, conversation_id=asked.conversation_id)

    assert view.messages[-1].call is not None
    assert view.messages[-1].call.state is CallState.COMPLETE
    assert view.messages[-1].text != ""


async def test_queries_do_not_grow_with_the_conversation(asking: Asking, somebody: UUID) -> None:
    first = await _asked(asking, "One")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            conversation(person_id=somebody, conversation_id=first.conversation_id)
        return len(captured)

    short = await in_thread(queries)
    for text in ("Two", "Three", "Four"):
        await _asked(asking, text, conversation_id=first.conversation_id)

    assert await in_thread(queries) == short


async def test_a_title_can_be_the_persons_own(asking: Asking, somebody: UUID) -> None:
    first = await _asked(asking, "One")

    await in_thread(
        actions.rename,
        person_id=somebody,
        conversation_id=first.conversation_id,
        title="  My   trees ",
    )

    page = await in_thread(conversations, person_id=somebody)
    assert page.lines[0].title == "My trees"


async def test_search_finds_words_inside_messages_whatever_their_case_and_accents(
    asking: Asking, somebody: UUID
) -> None:
    trees = await _asked(asking, "The old ÉRABLE by the lake")
    await _asked(asking, "Something else")

    page = await in_thread(search, person_id=somebody, words="erable")

    assert trees.question_id in [hit.message_id for hit in page.hits]
    [hit] = [hit for hit in page.hits if hit.message_id == trees.question_id]
    assert hit.match == "ÉRABLE"
    assert hit.title.startswith("The old")
    assert page.next_cursor == ""


async def test_search_goes_on_where_it_stopped(asking: Asking, somebody: UUID) -> None:
    made = [(await _asked(asking, f"maple {number}")).question_id for number in range(3)]

    hits: list[UUID] = []
    cursor = ""
    while True:
        page = await in_thread(search, person_id=somebody, words="maple", cursor=cursor, limit=1)
        hits += [hit.message_id for hit in page.hits]
        cursor = page.next_cursor
        if not cursor:
            break

    assert set(made) <= set(hits)
    assert len(hits) == len(set(hits))


async def test_a_deleted_conversation_takes_its_messages_and_files_along(
    asking: Asking, somebody: UUID
) -> None:
    upload = Upload(name="tree.png", data=png())
    first = await _asked(asking, "See", model_key="sandbox/writer", uploads=(upload,))
    folder = settings.BLUEGPT.site.data_dir / "files"
    file_key = (await Attachment.objects.aget(message_id=first.question_id)).file_key
    assert any(file_key in str(path) for path in folder.rglob("*"))

    await delete_conversation(person_id=somebody, conversation_id=first.conversation_id)
    await in_thread(Worker().run_pending)

    assert not any(file_key in str(path) for path in folder.rglob("*"))
    assert not await Message.objects.filter(person_id=somebody).aexists()
    assert (await in_thread(search, person_id=somebody, words="See")).hits == ()
    assert await Call.objects.filter(person_id=somebody).acount() == 1


async def test_deleting_in_mid_answer_stops_it_first(asking: Asking, somebody: UUID) -> None:
    slow = kept(await chat.ask(asking(switches="stall_after=5 pace_ms=0")))

    await delete_conversation(person_id=somebody, conversation_id=slow.conversation_id)

    call = await live.finished(person_id=somebody, call_id=slow.call_id)
    assert call.state == "stopped"
    assert not await Message.objects.filter(person_id=somebody).aexists()
