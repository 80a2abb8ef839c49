"""An answer holds as it grows, stops where the credits end, and never costs more than was said."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.conf import settings

from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.credits.models import Hold
from bluegpt.credits.queries import prices
from bluegpt.credits.queries.balances import balance
from bluegpt.credits.queries.verification import verify
from bluegpt.credits.services import caps, ledger
from bluegpt.credits.types import CapPeriod, Consumption, Meter, MeterLine
from bluegpt.providers.types.chat import FinishReason
from bluegpt.studio.flows import chat, live
from bluegpt.studio.rules.budget import OUTPUT_TOKENS_STEP
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.conversations import Ask
from tests.studio.conftest import WRITER

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
Asking = Callable[..., Ask]
_LONG = f"pace_ms=0 first_ms=0 tokens={OUTPUT_TOKENS_STEP + 700}"


async def _broken_invariants() -> list[str]:
    findings = await in_thread(lambda: list(verify()))
    return [finding.title for finding in findings if finding.is_broken]


def _lock_up(person_id: UUID, microcredits: int) -> None:
    """Another call takes part of the purse: output tokens of the same model."""
    sku = Hold.objects.latest("created_at").sku if Hold.objects.exists() else WRITER
    [rate] = [
        rate
        for rate in prices.rates([sku])[sku]
        if rate.meter is Meter.OUTPUT and rate.from_context_tokens == 0
    ]
    count = microcredits * 1_000_000 // rate.microcredits_per_million
    line = MeterLine(meter=Meter.OUTPUT, quantity=count)
    quote = prices.quote(Consumption(sku=sku, context_tokens=0, lines=(line,)))
    ledger.hold(hold_id=new_id(), person_id=person_id, quote=quote)


async def test_a_long_answer_starts_with_one_step_and_holds_more_as_it_grows(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(asking(switches=_LONG))
    first = await Hold.objects.aget(id=asked.call_id)

    call = await live.finished(person_id=somebody, call_id=asked.call_id)

    assert first.amount_microcredits < asked.ceiling_microcredits
    assert await Hold.objects.filter(extends_id=asked.call_id).acount() == 1
    assert call.usage.output_tokens == OUTPUT_TOKENS_STEP + 700
    assert (call.finish, call.error_code) == (FinishReason.COMPLETE, "")
    assert first.amount_microcredits < call.charged_microcredits <= asked.ceiling_microcredits
    assert (await in_thread(balance, somebody)).held_microcredits == 0
    assert await _broken_invariants() == []


async def test_an_answer_is_stopped_where_the_credits_end_and_says_so(
    asking: Asking, somebody: UUID
) -> None:
    asked = await chat.ask(
        asking(switches=f"pace_ms=1 first_ms=300 tokens={OUTPUT_TOKENS_STEP * 2}")
    )
    available = (await in_thread(balance, somebody)).available_microcredits
    await in_thread(_lock_up, somebody, available)

    call = await live.finished(person_id=somebody, call_id=asked.call_id)

    assert call.state is CallState.COMPLETE
    assert (call.finish, call.error_code) == (FinishReason.LENGTH, "ceiling_reached")
    assert call.error_sentence
    assert 0 < call.charged_microcredits <= asked.ceiling_microcredits
    assert call.usage.output_tokens < OUTPUT_TOKENS_STEP * 2
    assert await _broken_invariants() == []


async def test_an_answer_cut_short_by_the_balance_says_so(asking: Asking, somebody: UUID) -> None:
    """The provider itself stops at the limit that it was told."""
    available = (await in_thread(balance, somebody)).available_microcredits
    quote = await chat.quote(asking(), ascii_chars=20)
    per_token = quote.ceiling_microcredits // quote.output_tokens_max
    await in_thread(_lock_up, somebody, available - 400 * per_token)

    asked = await chat.ask(asking(switches="pace_ms=0 first_ms=0 tokens=1500"))
    call = await live.finished(person_id=somebody, call_id=asked.call_id)

    assert (call.finish, call.error_code) == (FinishReason.LENGTH, "ceiling_reached")
    assert call.charged_microcredits <= asked.ceiling_microcredits
    assert await _broken_invariants() == []


async def test_an_answer_that_is_long_enough_is_not_blamed_on_the_credits(
    asking: Asking, somebody: UUID
) -> None:
    limit = settings.BLUEGPT.chat.output_tokens

    asked = await chat.ask(asking(switches=f"pace_ms=0 first_ms=0 tokens={limit + 500}"))
    call = await live.finished(person_id=somebody, call_id=asked.call_id)

    assert (call.finish, call.error_code) == (FinishReason.LENGTH, "")


async def test_a_cap_stops_an_answer_like_an_empty_purse(asking: Asking, somebody: UUID) -> None:
    asked = await chat.ask(
        asking(switches=f"pace_ms=1 first_ms=300 tokens={OUTPUT_TOKENS_STEP * 2}")
    )
    held = (await Hold.objects.aget(id=asked.call_id)).amount_microcredits
    await in_thread(
        caps.set_cap,
        person_id=somebody,
        key_id=None,
        period=CapPeriod.DAY,
        limit_microcredits=held + 1,
    )

    call = await live.finished(person_id=somebody, call_id=asked.call_id)

    assert (call.finish, call.error_code) == (FinishReason.LENGTH, "ceiling_reached")
    assert call.charged_microcredits <= held + 1
    assert await _broken_invariants() == []
