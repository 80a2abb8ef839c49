"""A choice against a use of one's data stops that use, wherever it stands."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any
from uuid import UUID

import pytest

from bluegpt.core.threads import in_thread
from bluegpt.credits.queries.balances import balance
from bluegpt.privacy.errors.choices import UseRestricted
from bluegpt.privacy.models import Disclosure
from bluegpt.privacy.services import choices
from bluegpt.studio.flows import answering, chat, erasure, live
from bluegpt.studio.models import Call, Conversation, Message
from bluegpt.studio.queries.conversations import conversation
from bluegpt.studio.services import conversations
from bluegpt.studio.types.calls import CallState, Position
from bluegpt.studio.types.conversations import Ask
from tests.studio.conftest import GRANTED_MICROCREDITS, kept, sandbox_calls

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
Asking = Callable[..., Ask]
STALLED = "pace_ms=0 first_ms=0 stall_after=10 tokens=500"


async def _has_begun(person_id: UUID, call_id: UUID) -> None:
    """Wait for the first words of an answer."""
    events = live.follow(person_id=person_id, call_id=call_id, after=Position())
    async with aclosing(events):
        async for event in events:
            if event.text:
                return


async def test_a_freeze_stops_the_answer_under_way(asking: Asking, somebody: UUID) -> None:
    asked = await chat.ask(asking(switches=STALLED))
    await _has_begun(somebody, asked.call_id)

    await in_thread(choices.restrict, person_id=somebody)

    call = await live.finished(person_id=somebody, call_id=asked.call_id)
    assert call.state is CallState.STOPPED
    assert call.charged_microcredits <= asked.ceiling_microcredits
    assert (await in_thread(balance, somebody)).held_microcredits == 0


async def test_a_limit_stops_only_the_answers_beyond_it(asking: Asking, somebody: UUID) -> None:
    asked = await chat.ask(asking(switches=STALLED))
    await _has_begun(somebody, asked.call_id)

    await in_thread(choices.allow_only_eea, person_id=somebody)
    await in_thread(choices.allow_no_keepers, person_id=somebody)

    row = await Call.objects.aget(id=asked.call_id)
    assert (row.state, row.stop_asked_at) == (CallState.LIVE, None)  # the sandbox is inside both
    await live.stop(person_id=somebody, call_id=asked.call_id)


async def test_a_frozen_person_asks_nothing_and_pays_nothing(
    asking: Asking, somebody: UUID
) -> None:
    before = len(await sandbox_calls())
    await in_thread(choices.restrict, person_id=somebody)

    with pytest.raises(UseRestricted):
        await chat.ask(asking())

    assert len(await sandbox_calls()) == before
    assert await Conversation.objects.acount() == 0
    left = await in_thread(balance, somebody)
    assert left.available_microcredits == GRANTED_MICROCREDITS


async def test_what_was_cleared_before_the_freeze_is_not_sent_after_it(
    asking: Asking, somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(await sandbox_calls())
    begin = answering.start

    def freeze_first(order: answering.Order, answer: live.LiveAnswer) -> None:
        waiting.append((order, answer))

    waiting: list[tuple[answering.Order, live.LiveAnswer]] = []
    monkeypatch.setattr(answering, "start", freeze_first)
    asked = await chat.ask(asking())
    await in_thread(choices.restrict, person_id=somebody)

    begin(*waiting[0])
    call = await live.finished(person_id=somebody, call_id=asked.call_id)

    assert (call.state, call.error_code) == (CallState.FAILED, "use_restricted")
    assert call.charged_microcredits == 0
    assert len(await sandbox_calls()) == before
    assert await Disclosure.objects.acount() == 0


async def test_what_is_frozen_can_be_read_and_not_changed(asking: Asking, somebody: UUID) -> None:
    asked = kept(await chat.ask(asking()))
    await live.finished(person_id=somebody, call_id=asked.call_id)
    await in_thread(choices.restrict, person_id=somebody)
    own: dict[str, Any] = {"person_id": somebody, "conversation_id": asked.conversation_id}

    changes: list[Awaitable[None]] = [
        in_thread(conversations.rename, title="Other", **own),
        in_thread(conversations.pin, **own),
        in_thread(conversations.archive, **own),
        in_thread(conversations.set_system, system="Other", **own),
        in_thread(conversations.delete, **own),
        erasure.delete_conversation(**own),
    ]
    for change in changes:
        with pytest.raises(UseRestricted):
            await change

    view = await in_thread(conversation, **own)
    assert view.messages[0].text.startswith("Hello")
    assert await Message.objects.acount() == 2
    await in_thread(
        conversations.show_branch, message_id=asked.question_id, **own
    )  # where one reads is no change
    await in_thread(choices.lift, person_id=somebody)
    await in_thread(conversations.delete, **own)
    assert await Conversation.objects.acount() == 0
