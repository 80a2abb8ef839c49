"""From what a provider counts to what a call keeps and is charged, over real HTTP."""

from collections.abc import Callable
from uuid import UUID

import pytest

from bluegpt.core.threads import in_thread
from bluegpt.credits.models import Case
from bluegpt.credits.queries.balances import balance
from bluegpt.credits.types import CaseKind
from bluegpt.providers.types.usage import UsageSource
from bluegpt.studio.flows import chat, live
from bluegpt.studio.models import Call
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.conversations import Ask
from tests.studio.conftest import GRANTED_MICROCREDITS

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
Asking = Callable[..., Ask]


async def test_a_class_of_usage_without_a_price_is_held_and_looked_at(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking(switches="pace_ms=0 tokens=50 audio_tokens=40"))

    event, call = await live.finished_text(person_id=somebody, call_id=asked.call_id)

    assert event.text
    assert (call.state, call.usage.source) == (CallState.COMPLETE, UsageSource.FINAL)
    assert call.usage.audio_input_tokens == 40
    assert (call.charged_microcredits, call.cost_is_in_doubt) == (0, True)
    left = await in_thread(balance, somebody)
    assert left.available_microcredits + left.held_microcredits == GRANTED_MICROCREDITS
    assert left.held_microcredits > 0
    case = await Case.objects.aget(kind=CaseKind.QUARANTINE, hold_id=asked.call_id)
    assert (case.facts["why"], case.facts["audio_input"]) == ("no_price", 40)


async def test_what_a_provider_said_and_nobody_believed_stays_with_the_call(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking(switches="pace_ms=0 tokens=50 usage=negative"))

    event, call = await live.finished_text(person_id=somebody, call_id=asked.call_id)

    row = await Call.objects.aget(id=asked.call_id)
    assert event.text
    assert call.usage.source is UsageSource.DOUBTFUL
    assert row.reported_usage["completion_tokens"] == -51
    assert row.output_tokens > 0
    assert call.cost_is_in_doubt
