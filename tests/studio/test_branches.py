"""Asking again, asking otherwise, and walking between the branches."""

from collections.abc import Callable
from uuid import UUID

import pytest

from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.studio.errors import UnknownConversation, UnknownMessage
from bluegpt.studio.flows import chat, live
from bluegpt.studio.queries.conversations import conversation
from bluegpt.studio.services import conversations
from bluegpt.studio.types.calls import Asked
from bluegpt.studio.types.conversations import Ask, ConversationView
from tests.studio.conftest import Kept, kept

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
Asking = Callable[..., Ask]


async def _finish(person_id: UUID, asked: Asked) -> Kept:
    await live.finished(person_id=person_id, call_id=asked.call_id)
    return kept(asked)


async def _view(person_id: UUID, asked: Kept) -> ConversationView:
    return await in_thread(conversation, person_id=person_id, conversation_id=asked.conversation_id)


async def test_another_answer_stands_beside_the_first(asking: Asking, somebody: UUID) -> None:
    first = await _finish(somebody, await chat.ask(asking()))

    again = await _finish(
        somebody,
        await chat.regenerate(
            person_id=somebody,
            conversation_id=first.conversation_id,
            answer_id=first.answer_id,
            model_key="sandbox/scholar",
        ),
    )

    view = await _view(somebody, first)
    answer = view.messages[-1]
    assert answer.id == again.answer_id
    assert (answer.sibling_number, answer.sibling_count) == (2, 2)
    assert answer.previous_sibling_id == first.answer_id
    assert answer.call is not None
    assert answer.call.model_key == "sandbox/scholar"


async def test_a_changed_question_opens_a_branch_and_the_old_one_can_be_shown_again(
    asking: Asking, somebody: UUID
) -> None:
    first = await _finish(somebody, await chat.ask(asking("One")))
    second = await _finish(
        somebody, await chat.ask(asking("Two", conversation_id=first.conversation_id))
    )

    edited = await _finish(
        somebody,
        await chat.edit(
            person_id=somebody,
            conversation_id=first.conversation_id,
            message_id=first.question_id,
            text="Another one",
        ),
    )

    view = await _view(somebody, first)
    assert [message.id for message in view.messages] == [edited.question_id, edited.answer_id]
    assert view.messages[0].text == "Another one"
    await in_thread(
        conversations.show_branch,
        person_id=somebody,
        conversation_id=first.conversation_id,
        message_id=first.question_id,
    )
    back = await _view(somebody, first)
    assert back.messages[-1].id == second.answer_id
    assert len(back.messages) == 4


async def test_a_long_conversation_is_shown_from_its_end_and_walked_back(
    asking: Asking, somebody: UUID
) -> None:
    first = await _finish(somebody, await chat.ask(asking("1")))
    for number in range(2, 5):
        await _finish(
            somebody, await chat.ask(asking(str(number), conversation_id=first.conversation_id))
        )

    page = await in_thread(
        conversation, person_id=somebody, conversation_id=first.conversation_id, limit=3
    )
    earlier = await in_thread(
        conversation,
        person_id=somebody,
        conversation_id=first.conversation_id,
        before=page.earlier_cursor,
        limit=10,
    )

    assert len(page.messages) == 3
    assert page.earlier_cursor == page.messages[0].id
    assert len(earlier.messages) == 5
    assert earlier.earlier_cursor is None
    whole = [*earlier.messages, *page.messages]
    assert [message.text.split()[0] for message in whole[::2]] == ["1", "2", "3", "4"]


async def test_what_is_not_theirs_does_not_exist(asking: Asking, somebody: UUID) -> None:
    first = await _finish(somebody, await chat.ask(asking()))
    stranger = new_id()

    with pytest.raises(UnknownConversation):
        await chat.ask(asking(person_id=stranger, conversation_id=first.conversation_id))
    with pytest.raises(UnknownMessage):
        await chat.regenerate(
            person_id=stranger,
            conversation_id=first.conversation_id,
            answer_id=first.answer_id,
        )
    with pytest.raises(UnknownConversation):
        await in_thread(conversation, person_id=stranger, conversation_id=first.conversation_id)
    with pytest.raises(UnknownConversation):
        await in_thread(
            conversations.delete, person_id=stranger, conversation_id=first.conversation_id
        )
