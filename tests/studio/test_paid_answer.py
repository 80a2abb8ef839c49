"""One paid answer, from the question to the settled hold, over real HTTP."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest

from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.credits.errors import InsufficientCredits
from bluegpt.credits.queries.balances import balance
from bluegpt.credits.queries.verification import verify
from bluegpt.credits.services import ledger
from bluegpt.privacy.models import Disclosure
from bluegpt.providers.types.turns import Role
from bluegpt.providers.types.usage import UsageSource
from bluegpt.studio.errors import AnswerUnderWay, EmptyMessage, MessageTooLong, UnknownAnswer
from bluegpt.studio.flows import chat, live
from bluegpt.studio.models import Call, Conversation, Message
from bluegpt.studio.queries.conversations import conversation
from bluegpt.studio.rules.pricing import consumption_of
from bluegpt.studio.types.calls import CallState, Position
from bluegpt.studio.types.conversations import Ask, TemporaryTurn
from tests.studio.conftest import GRANTED_MICROCREDITS, kept, sandbox_calls

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
Asking = Callable[..., Ask]


async def _broken_invariants() -> list[str]:
    findings = await in_thread(lambda: list(verify()))
    return [finding.title for finding in findings if finding.is_broken]


async def test_an_answer_is_kept_sealed_and_paid_to_the_microcredit(
    asking: Asking, somebody: UUID
) -> None:
    asked = kept(await chat.ask(asking("Tell me of lighthouses.", switches="pace_ms=0 tokens=40")))
    call = await live.finished(person_id=somebody, call_id=asked.call_id)

    assert call.state is CallState.COMPLETE
    assert call.usage.source is UsageSource.FINAL
    assert 0 < call.charged_microcredits <= asked.ceiling_microcredits
    left = await in_thread(balance, somebody)
    assert left.available_microcredits == GRANTED_MICROCREDITS - call.charged_microcredits
    assert left.held_microcredits == 0
    view = await in_thread(conversation, person_id=somebody, conversation_id=asked.conversation_id)
    assert view.title.startswith("Tell me of lighthouses")
    assert [message.role for message in view.messages] == [Role.USER, Role.ASSISTANT]
    row = await Message.objects.aget(id=asked.answer_id)
    assert view.messages[1].text
    assert view.messages[1].text.encode()[:20] not in bytes(row.text_sealed)
    assert await _broken_invariants() == []


async def test_every_call_leaves_one_disclosure_and_a_pairwise_name(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking())
    await live.finished(person_id=somebody, call_id=asked.call_id)

    disclosure = await Disclosure.objects.aget(call_id=asked.call_id)
    assert disclosure.person_id == somebody
    assert disclosure.purpose == chat.PURPOSE
    assert disclosure.recipient == "sandbox"
    seen = (await sandbox_calls())[-1]
    assert seen["is_stored"] is False
    assert seen["user_id"]
    assert str(somebody) not in str(seen)


async def test_the_same_request_key_asks_only_once(asking: Asking, somebody: UUID) -> None:
    key = new_id()

    first = await chat.ask(asking(request_key=key))
    second = await chat.ask(asking(request_key=key))

    assert first == second
    await live.finished(person_id=somebody, call_id=key)
    assert await Call.objects.filter(person_id=somebody).acount() == 1


async def test_a_balance_that_cannot_cover_the_call_writes_nothing(asking: Asking) -> None:
    poor = new_id()

    with pytest.raises(InsufficientCredits) as refusal:
        await chat.ask(asking(person_id=poor))

    assert refusal.value.needed_microcredits > 0
    assert await Call.objects.acount() == 0
    assert await Conversation.objects.acount() == 0


@pytest.mark.parametrize("text", ["", "   "])
async def test_an_empty_message_is_refused(asking: Asking, somebody: UUID, text: str) -> None:
    with pytest.raises(EmptyMessage):
        await chat.ask(Ask(person_id=somebody, model_key="sandbox/writer", text=text))


async def test_a_message_over_the_limit_says_by_how_much(asking: Asking) -> None:
    with pytest.raises(MessageTooLong, match="400000"):
        await chat.ask(asking("x" * 400_001))


async def test_one_answer_at_a_time_in_a_conversation(asking: Asking, somebody: UUID) -> None:
    slow = await chat.ask(asking(switches="stall_after=3 pace_ms=0"))

    with pytest.raises(AnswerUnderWay):
        await chat.ask(asking("And?", conversation_id=slow.conversation_id))

    await live.stop(person_id=somebody, call_id=slow.call_id)
    assert await Call.objects.acount() == 1


async def test_stop_cancels_the_provider_and_pays_for_what_came(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking(switches="pace_ms=0 first_ms=0 stall_after=10 tokens=500"))
    await _first_text(somebody, asked.call_id)

    await live.stop(person_id=somebody, call_id=asked.call_id)

    call = await live.finished(person_id=somebody, call_id=asked.call_id)
    assert call.state is CallState.STOPPED
    assert 0 < call.charged_microcredits < asked.ceiling_microcredits
    for _attempt in range(100):
        if (await sandbox_calls())[-1]["state"] == "client_gone":
            break
        await asyncio.sleep(0.02)
    assert (await sandbox_calls())[-1]["state"] == "client_gone"
    assert await _broken_invariants() == []


@pytest.mark.parametrize(
    ("switches", "code"),
    [
        ("error=500", "provider_down"),
        ("error=429", "provider_busy"),
        ("error=401", "provider_misconfigured"),
        ("error=400", "provider_rejected"),
    ],
)
async def test_an_error_before_the_first_word_charges_nothing(
    asking: Asking, somebody: UUID, switches: str, code: str
) -> None:
    asked = await chat.ask(asking(switches=switches))

    call = await live.finished(person_id=somebody, call_id=asked.call_id)

    assert (call.state, call.error_code) == (CallState.FAILED, code)
    assert call.error_sentence
    assert call.charged_microcredits == 0
    left = await in_thread(balance, somebody)
    assert left.available_microcredits == GRANTED_MICROCREDITS
    assert await _broken_invariants() == []


@pytest.mark.parametrize("switches", ["cut_after=20", "error_after=20", "malformed_after=20"])
async def test_an_answer_that_breaks_off_keeps_its_text_and_pays_for_it(
    asking: Asking, somebody: UUID, switches: str
) -> None:
    asked = await chat.ask(asking(switches=f"{switches} pace_ms=0 tokens=100"))

    event, call = await live.finished_text(person_id=somebody, call_id=asked.call_id)

    assert call.state is CallState.FAILED
    assert event.text
    assert call.usage.source is not UsageSource.FINAL
    assert 0 < call.charged_microcredits < asked.ceiling_microcredits


@pytest.mark.parametrize("lie", ["negative", "absurd", "missing"])
async def test_a_usage_that_nobody_believes_charges_nothing_until_somebody_has_looked(
    asking: Asking, somebody: UUID, lie: str
) -> None:
    asked = await chat.ask(asking(switches=f"usage={lie} pace_ms=0 tokens=50"))

    call = await live.finished(person_id=somebody, call_id=asked.call_id)

    assert call.state is CallState.COMPLETE
    assert (call.charged_microcredits, call.cost_is_in_doubt) == (0, True)
    left = await in_thread(balance, somebody)
    assert 0 < left.held_microcredits <= asked.ceiling_microcredits
    assert await _broken_invariants() == []


async def test_an_answer_shows_what_it_cost_once_its_doubt_has_ended(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking(switches="usage=missing pace_ms=0 tokens=50"))
    call = await live.finished(person_id=somebody, call_id=asked.call_id)

    decided = await in_thread(
        ledger.settle_doubt,
        hold_id=asked.call_id,
        consumption=consumption_of(call.usage, sku="sandbox/writer"),
        author="ada",
    )

    row = await Call.objects.aget(id=asked.call_id)
    assert (row.charged_microcredits, row.cost_is_in_doubt) == (
        decided.charged_microcredits,
        False,
    )
    assert row.charged_microcredits > 0
    assert await _broken_invariants() == []


async def test_a_reader_who_comes_back_gets_the_rest_and_only_the_rest(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking(switches="pace_ms=2 tokens=60"))
    seen = await _first_text(somebody, asked.call_id)

    rest = ""
    async for event in live.follow(person_id=somebody, call_id=asked.call_id, after=seen[0]):
        rest += event.text

    whole, _call = await live.finished_text(person_id=somebody, call_id=asked.call_id)
    assert seen[1] + rest == whole.text


async def test_an_answer_made_elsewhere_is_followed_through_the_database(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking(switches="pace_ms=0 tokens=60"))
    whole, _call = await live.finished_text(person_id=somebody, call_id=asked.call_id)
    live.house.forget()

    stored = [
        event
        async for event in live.follow(
            person_id=somebody, call_id=asked.call_id, after=Position(text_chars=10)
        )
    ]

    assert "".join(event.text for event in stored) == whole.text[10:]
    assert stored[-1].call is not None


async def test_a_temporary_conversation_is_paid_for_and_leaves_no_message(
    asking: Asking, somebody: UUID
) -> None:
    turns = (
        TemporaryTurn(role=Role.USER, text="Hi"),
        TemporaryTurn(role=Role.ASSISTANT, text="Ho"),
    )

    asked = await chat.ask(asking(temporary=turns))
    event, call = await live.finished_text(person_id=somebody, call_id=asked.call_id)

    assert event.text
    assert call.charged_microcredits > 0
    assert await Message.objects.acount() == 0
    assert await Conversation.objects.acount() == 0


async def test_closing_the_process_interrupts_keeps_the_text_and_settles(
    asking: Asking, somebody: UUID
) -> None:
    asked = kept(await chat.ask(asking(switches="stall_after=15 pace_ms=0 tokens=500")))
    await _first_text(somebody, asked.call_id)

    await live.close_house()

    call = await Call.objects.aget(id=asked.call_id)
    assert call.state == CallState.INTERRUPTED
    assert call.charged_microcredits > 0
    view = await in_thread(conversation, person_id=somebody, conversation_id=asked.conversation_id)
    assert view.messages[1].text
    assert await _broken_invariants() == []


async def test_somebody_elses_answer_does_not_exist(asking: Asking, somebody: UUID) -> None:
    asked = await chat.ask(asking())
    await live.finished(person_id=somebody, call_id=asked.call_id)

    with pytest.raises(UnknownAnswer):
        await live.finished(person_id=new_id(), call_id=asked.call_id)


async def _first_text(person_id: UUID, call_id: UUID) -> tuple[Position, str]:
    async for event in live.follow(person_id=person_id, call_id=call_id, after=Position()):
        if event.text:
            return event.position, event.text
    raise AssertionError("the answer ended without a word")
