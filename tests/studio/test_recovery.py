"""What a dead process leaves behind."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError

from bluegpt.core import clock
from bluegpt.core.threads import in_thread
from bluegpt.credits.queries.balances import balance
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.flows import chat, live
from bluegpt.studio.jobs import settle_interrupted
from bluegpt.studio.models import Call
from bluegpt.studio.queries.conversations import conversation
from bluegpt.studio.services import answers
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.conversations import Ask
from tests.studio.conftest import GRANTED_MICROCREDITS, kept

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
Asking = Callable[..., Ask]


@pytest.fixture
def abandoned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers begin and nobody makes them: as if the process had died at once."""
    monkeypatch.setattr("bluegpt.studio.flows.answering.start", lambda order, live: None)


async def _let_the_lease_run_out(call_id: UUID) -> None:
    past = clock.now() - timedelta(seconds=1)
    await Call.objects.filter(id=call_id).aupdate(lease_until=past)


@pytest.mark.usefixtures("abandoned")
async def test_a_hold_whose_answer_never_began_is_given_back(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking())
    await _let_the_lease_run_out(asked.call_id)

    await in_thread(settle_interrupted)

    call = await Call.objects.aget(id=asked.call_id)
    assert (call.state, call.charged_microcredits) == (CallState.INTERRUPTED, 0)
    left = await in_thread(balance, somebody)
    assert (left.available_microcredits, left.held_microcredits) == (GRANTED_MICROCREDITS, 0)


@pytest.mark.usefixtures("abandoned")
async def test_an_answer_cut_off_by_a_crash_keeps_its_checkpoint_and_pays_for_it(
    asking: Asking, somebody: UUID
) -> None:
    asked = kept(await chat.ask(asking()))
    await _checkpoint(asked.call_id)
    await _let_the_lease_run_out(asked.call_id)

    await in_thread(settle_interrupted)
    await in_thread(settle_interrupted)

    call = await live.finished(person_id=somebody, call_id=asked.call_id)
    assert call.state is CallState.INTERRUPTED
    assert call.charged_microcredits > 0
    left = await in_thread(balance, somebody)
    assert left.available_microcredits == GRANTED_MICROCREDITS - call.charged_microcredits
    view = await in_thread(conversation, person_id=somebody, conversation_id=asked.conversation_id)
    assert view.messages[1].text == "Half an ans"


@pytest.mark.usefixtures("abandoned")
async def test_an_answer_with_a_valid_lease_is_left_alone(asking: Asking) -> None:
    asked = await chat.ask(asking())

    await in_thread(settle_interrupted)

    assert (await Call.objects.aget(id=asked.call_id)).state == CallState.LIVE


@pytest.mark.usefixtures("abandoned")
async def test_a_stop_from_another_process_reaches_the_maker(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking())

    await live.stop(person_id=somebody, call_id=asked.call_id)

    assert await _checkpoint(asked.call_id) is True


async def _checkpoint(call_id: UUID) -> bool:
    progress = answers.Progress(
        text="Half an ans",
        reasoning="",
        usage=Usage(input_tokens=12, output_tokens=4),
        response_id="resp_1",
    )
    return await in_thread(answers.checkpoint, call_id=call_id, progress=progress, hold_ttl_s=60)


async def test_an_end_that_cannot_be_written_is_made_up_for_later(
    asking: Asking, somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(**_what: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(answers, "end", full_disk)
        asked = kept(await chat.ask(asking(switches="pace_ms=0 tokens=5")))
        live_answer = live.house.find(asked.call_id)
        assert live_answer is not None
        assert live_answer.task is not None
        await live_answer.task
    await _checkpoint(asked.call_id)
    await _let_the_lease_run_out(asked.call_id)

    await in_thread(settle_interrupted)

    call = await live.finished(person_id=somebody, call_id=asked.call_id)
    assert call.state is CallState.INTERRUPTED
    assert call.charged_microcredits > 0
