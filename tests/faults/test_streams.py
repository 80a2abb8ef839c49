"""Streams that end badly, on either side, through each door: paid once, and only what came."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx2
import pytest
import pytest_asyncio
from pytest_django import Settings

from bluegpt.studio.types.calls import CallState
from tests.api.conftest import GRANTED_MICROCREDITS, Holder, body, upstream_state
from tests.faults.doors import ADDRESS, Door, Visitor, price, visitor
from tests.providers.harness import hurry

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
QUICK = "pace_ms=0 first_ms=0"
SILENT = "first_ms=60000"


@pytest_asyncio.fixture
async def somebody(
    site: str, holder: Holder, http: httpx2.AsyncClient, plain_static_files: None
) -> AsyncIterator[Visitor]:
    async with visitor(site, holder, http) as who:
        yield who


async def _is_settled(somebody: Visitor, charged: int) -> None:
    assert await somebody.wrong(GRANTED_MICROCREDITS) == []
    assert GRANTED_MICROCREDITS - await somebody.available() == charged


@pytest.mark.parametrize("tokens", [1, 12, 40])
async def test_a_stop_at_any_token_pays_the_question_and_what_had_come(
    somebody: Visitor, tokens: int
) -> None:
    begun = await somebody.page.ask(f"Hello\nsandbox: {QUICK} stall_after={tokens} tokens=500")
    await somebody.has_heard(begun.call_id, chars=tokens)

    await somebody.page.post(f"/answers/{begun.call_id}/stop", {})

    call = await somebody.newest_call()
    assert call.state is CallState.STOPPED
    assert tokens / 3 <= call.usage.output_tokens <= 3 * tokens
    assert call.charged_microcredits == price(call) < call.ceiling_microcredits
    assert await upstream_state() == "client_gone"
    await _is_settled(somebody, price(call))


async def test_a_stop_before_the_first_token_costs_nothing(somebody: Visitor) -> None:
    begun = await somebody.page.ask(f"Hello\nsandbox: {SILENT}")

    await somebody.page.post(f"/answers/{begun.call_id}/stop", {})

    call = await somebody.newest_call()
    assert (call.state, call.charged_microcredits) == (CallState.STOPPED, 0)
    await _is_settled(somebody, 0)


async def test_a_stop_after_the_last_token_changes_nothing(somebody: Visitor) -> None:
    before = await somebody.ask(Door.PAGE, f"{QUICK} tokens=30")

    await somebody.page.post(f"/answers/{before.id}/stop", {})

    assert await somebody.newest_call() == before
    assert before.state is CallState.COMPLETE
    await _is_settled(somebody, price(before))


@pytest.mark.parametrize("is_reset", [False, True], ids=["closed tab", "lost network"])
async def test_an_answer_whose_reader_goes_is_finished_kept_and_paid_like_any_other(
    somebody: Visitor, is_reset: bool
) -> None:
    begun = await somebody.page.ask("Hello\nsandbox: pace_ms=2 first_ms=0 tokens=60")
    await _read_and_go(somebody, str(begun.call_id), is_reset=is_reset)

    call = await somebody.newest_call()
    again = await somebody.page.finished(begun.call_id)

    assert (call.state, call.usage.output_tokens) == (CallState.COMPLETE, 60)
    assert again
    await _is_settled(somebody, price(call))


async def _read_and_go(somebody: Visitor, call_id: str, *, is_reset: bool) -> None:
    """Read the first event; then hang up politely, or let the connection break."""
    site, session = somebody.page._site.address, somebody.page._session
    async with session.get(f"{site}/answers/{call_id}/events") as response:
        await response.content.readline()
        if is_reset:
            assert response.connection is not None
            assert response.connection.transport is not None
            response.connection.transport.abort()
        else:
            response.close()


NOTHING = ["error=500", "error=429", "error_after=0", "cut_after=0", "malformed_after=0"]
PARTIAL = ["error_after=20", "cut_after=20", "malformed_after=20"]


@pytest.mark.parametrize("door", Door)
@pytest.mark.parametrize("fault", NOTHING)
async def test_a_fault_before_the_first_word_gives_everything_back(
    somebody: Visitor, fault: str, door: Door
) -> None:
    call = await somebody.ask(door, f"{QUICK} {fault} tokens=100")

    assert (call.state, call.charged_microcredits) == (CallState.FAILED, 0)
    await _is_settled(somebody, 0)


@pytest.mark.parametrize("door", Door)
@pytest.mark.parametrize("fault", PARTIAL)
async def test_a_fault_in_the_middle_is_paid_up_to_there(
    somebody: Visitor, fault: str, door: Door
) -> None:
    call = await somebody.ask(door, f"{QUICK} {fault} tokens=100")

    assert call.state is CallState.FAILED
    assert 7 <= call.usage.output_tokens <= 60
    assert call.charged_microcredits == price(call) < call.ceiling_microcredits
    await _is_settled(somebody, price(call))


@pytest.mark.parametrize("door", Door)
async def test_a_provider_that_never_answers_costs_nothing(
    somebody: Visitor, door: Door, settings: Settings
) -> None:
    hurry(settings)

    call = await somebody.ask(door, SILENT)

    assert (call.state, call.charged_microcredits) == (CallState.FAILED, 0)
    await _is_settled(somebody, 0)


@pytest.mark.parametrize("door", Door)
async def test_a_provider_that_falls_silent_is_paid_for_what_it_said(
    somebody: Visitor, door: Door, settings: Settings
) -> None:
    hurry(settings)

    call = await somebody.ask(door, f"{QUICK} stall_after=20 tokens=100")

    assert call.state is CallState.FAILED
    assert call.charged_microcredits == price(call) > 0
    await _is_settled(somebody, price(call))


@pytest.mark.parametrize("door", [Door.STREAM, Door.WHOLE])
@pytest.mark.parametrize("tokens", [0, 1, 40])
async def test_a_program_that_hangs_up_at_any_token_pays_what_had_come(
    somebody: Visitor, door: Door, tokens: int
) -> None:
    switches = f"{QUICK} stall_after={tokens} tokens=500" if tokens else SILENT
    asked = body(switches=switches, stream=door is Door.STREAM)
    asking = asyncio.create_task(somebody.http.post(ADDRESS, json=asked))
    await somebody.has_heard(await somebody.newest_call_id(), chars=tokens)

    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking

    call = await somebody.newest_call()
    assert call.state is CallState.STOPPED
    assert call.charged_microcredits == (price(call) if tokens else 0)
    assert tokens / 3 <= call.usage.output_tokens <= 3 * tokens
    await _is_settled(somebody, call.charged_microcredits)


async def test_a_program_that_hangs_up_on_the_last_event_has_paid_the_whole_answer(
    somebody: Visitor,
) -> None:
    asked = body(switches=f"{QUICK} tokens=30", stream=True)
    async with somebody.http.stream("POST", ADDRESS, json=asked) as response:
        async for line in response.aiter_lines():
            if '"finish_reason":"stop"' in line:
                break

    call = await somebody.newest_call()

    assert (call.state, call.usage.output_tokens) == (CallState.COMPLETE, 30)
    await _is_settled(somebody, price(call))


@pytest.mark.parametrize("door", Door)
async def test_the_same_words_cost_the_same_through_each_door(
    somebody: Visitor, door: Door
) -> None:
    call = await somebody.ask(door, f"{QUICK} tokens=30")

    assert (call.state, call.usage.output_tokens) == (CallState.COMPLETE, 30)
    assert call.usage.context_tokens == _INPUT_TOKENS
    await _is_settled(somebody, 30 * 72 + _INPUT_TOKENS * 18)


_INPUT_TOKENS = 14
