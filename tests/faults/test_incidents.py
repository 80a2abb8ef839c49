"""What went wrong in other gateways, told as it would happen here."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import httpx2
import orjson
import pytest
import pytest_asyncio

from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.credits.models import Hold
from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.caps import caps_of
from bluegpt.credits.queries.statements import balance_at
from bluegpt.credits.queries.verification import verify
from bluegpt.credits.services import caps, corrections, ledger
from bluegpt.credits.types import CapPeriod
from bluegpt.studio.rules.pricing import consumption_of
from bluegpt.studio.types.calls import CallState
from tests.api.conftest import GRANTED_MICROCREDITS, Holder, body
from tests.faults.doors import ADDRESS, Door, Visitor, price, visitor

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
QUICK = "pace_ms=0 first_ms=0"
ASKING, PAID = 20, 5


@pytest_asyncio.fixture
async def somebody(
    site: str, holder: Holder, http: httpx2.AsyncClient, plain_static_files: None
) -> AsyncIterator[Visitor]:
    async with visitor(site, holder, http) as who:
        yield who


@pytest.mark.parametrize("is_streamed", [True, False], ids=["streamed", "whole"])
async def test_one_api_2440_requests_at_once_never_share_the_same_credits(
    somebody: Visitor, new_holder: Callable[..., Holder], site: str, is_streamed: bool
) -> None:
    """There the balance was looked at first and reduced later; in between it was spent twice."""
    silent = body(switches=f"{QUICK} stall_after=0", max_tokens=300, stream=is_streamed)
    ceiling = await _ceiling(somebody, silent)
    poor = await in_thread(new_holder, PAID * ceiling)
    headers = {"Authorization": f"Bearer {poor.secret}"}

    async with httpx2.AsyncClient(base_url=site, headers=headers, timeout=60) as http:
        asking = {
            asyncio.create_task(http.post(ADDRESS, json=silent)) for _request in range(ASKING)
        }
        refused: set[asyncio.Task[httpx2.Response]] = set()
        while len(refused) < ASKING - PAID:
            done, asking = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
            refused |= done
        assert (await in_thread(poor.available), await in_thread(poor.held)) == (
            0,
            PAID * ceiling,
        )
        for task in asking:
            task.cancel()
        await asyncio.wait(asking)

    assert {task.result().status_code for task in refused} == {402}
    who = Visitor(holder=poor, page=somebody.page, http=somebody.http)
    await _all_ended(poor)
    assert await who.wrong(PAID * ceiling) == []
    assert await who.available() == PAID * ceiling


async def _ceiling(somebody: Visitor, asked: dict[str, object]) -> int:
    """What such a request holds, told by one that is given up."""
    asking = asyncio.create_task(somebody.http.post(ADDRESS, json=asked))
    await somebody.newest_call_id()
    asking.cancel()
    await asyncio.wait([asking])
    return (await somebody.newest_call()).ceiling_microcredits


async def _all_ended(holder: Holder) -> None:
    while await in_thread(holder.held):
        await asyncio.sleep(0.01)


async def test_new_api_5235_a_stream_that_is_cut_by_its_reader_is_not_free(
    somebody: Visitor,
) -> None:
    """There the whole reservation came back, with the tokens already read."""
    asked = body(switches=f"{QUICK} stall_after=40 tokens=500", stream=True)
    async with somebody.http.stream("POST", ADDRESS, json=asked) as response:
        heard = 0
        async for line in response.aiter_lines():
            heard += len(_content(line))
            if heard >= 40:
                break

    call = await somebody.newest_call()

    assert call.state is CallState.STOPPED
    assert call.usage.output_tokens >= 5
    assert call.charged_microcredits == price(call)
    assert await somebody.wrong(GRANTED_MICROCREDITS) == []


def _content(line: str) -> str:
    if not line.startswith("data: {"):
        return ""
    [choice] = orjson.loads(line[6:])["choices"]
    return str(choice["delta"].get("content") or "")


@pytest.mark.parametrize("door", Door)
@pytest.mark.parametrize("tokens", [0, 20])
async def test_elizaos_9904_an_error_after_http_200_ends_the_reservation(
    somebody: Visitor, door: Door, tokens: int
) -> None:
    """There the status had been good, so nobody ever settled."""
    call = await somebody.ask(door, f"{QUICK} error_after={tokens} tokens=100")

    assert call.state is CallState.FAILED
    assert call.charged_microcredits == (price(call) if tokens else 0)
    assert await somebody.wrong(GRANTED_MICROCREDITS) == []
    assert GRANTED_MICROCREDITS - await somebody.available() == call.charged_microcredits


@pytest.mark.parametrize("door", Door)
@pytest.mark.parametrize("lie", ["negative", "absurd", "missing"])
async def test_octopus_243_a_usage_that_cannot_be_true_moves_no_credits(
    somebody: Visitor, door: Door, lie: str
) -> None:
    """There a negative count from upstream filled the wallet up."""
    call = await somebody.ask(door, f"{QUICK} usage={lie} tokens=50")

    assert (call.charged_microcredits, call.cost_is_in_doubt) == (0, True)
    held = await in_thread(somebody.holder.held)
    assert 0 < held == GRANTED_MICROCREDITS - await somebody.available()

    hold = await Hold.objects.aget(id=call.id)
    ended = await in_thread(
        ledger.settle_doubt,
        hold_id=call.id,
        consumption=consumption_of(call.usage, sku=hold.sku),
        author="ada",
    )

    assert ended.charged_microcredits == price(call)
    assert await somebody.wrong(GRANTED_MICROCREDITS) == []


@pytest.mark.parametrize("door", Door)
@pytest.mark.parametrize(("story", "tokens"), [("twice", {50}), ("changed", {50, 100})])
async def test_a_usage_that_is_told_twice_is_charged_once(
    somebody: Visitor, door: Door, story: str, tokens: set[int]
) -> None:
    call = await somebody.ask(door, f"{QUICK} usage={story} tokens=50")

    assert call.usage.output_tokens in tokens
    assert call.charged_microcredits == price(call)
    assert await somebody.wrong(GRANTED_MICROCREDITS) == []


@pytest.mark.parametrize("door", Door)
async def test_new_api_6795_what_comes_back_comes_off_every_counter(
    somebody: Visitor, door: Door
) -> None:
    """There a refund filled the balance up again, but what counted as used stayed used."""
    person_id = somebody.holder.person_id
    await in_thread(
        caps.set_cap,
        person_id=person_id,
        period=CapPeriod.MONTH,
        limit_microcredits=GRANTED_MICROCREDITS,
    )

    await somebody.ask(door, f"{QUICK} error=500")
    [cap] = await in_thread(caps_of, person_id)
    assert cap.used_microcredits == 0
    call = await somebody.ask(door, f"{QUICK} tokens=50")
    [cap] = await in_thread(caps_of, person_id)
    assert cap.used_microcredits == call.charged_microcredits == price(call)

    await in_thread(
        corrections.give_back,
        correction_id=new_id(),
        hold_id=call.id,
        amount_microcredits=call.charged_microcredits,
        author="ada",
        reason="it was no answer",
        reference="case-1",
    )

    hold = await Hold.objects.aget(id=call.id)
    assert hold.corrected_microcredits == hold.charged_microcredits == price(call)
    assert await somebody.available() == GRANTED_MICROCREDITS
    assert await in_thread(_closing, somebody) == GRANTED_MICROCREDITS
    assert await in_thread(_broken) == []


def _closing(somebody: Visitor) -> int:
    return balance_at(somebody.holder.person_id, dialect.now() + timedelta(seconds=1))


def _broken() -> list[str]:
    return [finding.title for finding in verify() if finding.is_broken]
