"""`Idempotency-Key`: the same request twice is one answer and one charge."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from asgiref.sync import sync_to_async

from bluegpt.studio.flows import once
from bluegpt.studio.flows.live import house
from bluegpt.studio.models import Call
from tests.api.conftest import (
    GRANTED_MICROCREDITS,
    Holder,
    body,
    calls,
    ended,
    events,
)

pytestmark = pytest.mark.both_databases

ADDRESS = "/v1/chat/completions"


async def _post(http: httpx2.AsyncClient, sent: Any, key: str = "one") -> httpx2.Response:
    return await http.post(ADDRESS, json=sent, headers={"Idempotency-Key": key})


async def test_a_repeat_gets_the_same_answer_and_is_not_charged(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    first = await _post(http, body())
    left = await sync_to_async(holder.available)()
    again = await _post(http, body())

    assert again.status_code == 200
    assert again.json() == first.json()
    assert again.headers["x-request-id"] == first.headers["x-request-id"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert left < GRANTED_MICROCREDITS
    assert await sync_to_async(holder.available)() == left


async def test_a_repeat_of_a_stream_is_the_same_stream(http: httpx2.AsyncClient) -> None:
    sent = body(stream=True, stream_options={"include_usage": True})
    first, again = events((await _post(http, sent)).text), events((await _post(http, sent)).text)

    assert _text(again) == _text(first) != ""
    assert again[-2:] == first[-2:]
    assert await calls() == 1


def _text(chunks: list[Any]) -> str:
    choices = [chunk["choices"][0] for chunk in chunks[:-1] if chunk["choices"]]
    return "".join(choice["delta"].get("content", "") for choice in choices)


async def test_the_order_of_fields_does_not_make_another_body(http: httpx2.AsyncClient) -> None:
    first = await _post(http, body())
    again = await _post(http, dict(reversed(body().items())))

    assert again.json() == first.json()


@pytest.mark.parametrize("change", [{"max_tokens": 9}, {"stream": True}, {"user": "else"}])
async def test_another_body_is_a_conflict_and_nothing_is_charged(
    http: httpx2.AsyncClient, holder: Holder, change: Any
) -> None:
    await _post(http, body())
    left = await sync_to_async(holder.available)()
    response = await _post(http, body(**change))

    assert response.status_code == 409
    assert response.json()["error"]["code"] == "idempotency_conflict"
    assert response.headers["x-should-retry"] == "false"
    assert await sync_to_async(holder.available)() == left
    assert await calls() == 1


async def test_repeats_at_the_same_time_are_one_call(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    made = await asyncio.gather(*(_post(http, body()) for _number in range(8)))

    assert {response.status_code for response in made} == {200}
    assert len({response.text for response in made}) == 1
    assert await calls() == 1
    call = await ended(holder, made[0].headers["x-request-id"])
    spent = GRANTED_MICROCREDITS - await sync_to_async(holder.available)()
    assert spent == call.charged_microcredits


async def test_different_bodies_at_the_same_time_are_one_call_and_conflicts(
    http: httpx2.AsyncClient,
) -> None:
    made = await asyncio.gather(*(_post(http, body(f"Number {n}")) for n in range(5)))

    assert sorted(response.status_code for response in made) == [200, 409, 409, 409, 409]
    assert await calls() == 1


class _NoQueue(dict[Any, Any]):
    """As between processes: nobody waits for the one who has the same key."""

    def setdefault(self, _key: Any, fresh: Any = None) -> Any:
        return fresh


async def test_the_database_lets_one_in_where_nobody_waits(
    http: httpx2.AsyncClient, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "_beginning", _NoQueue())

    made = await asyncio.gather(*(_post(http, body()) for _number in range(6)))

    codes = [response.json().get("error", {}).get("code") for response in made]
    assert None in codes
    assert set(codes) <= {None, "answer_not_kept"}
    assert await calls() == 1
    [paid] = {each.headers["x-request-id"] for each in made if each.status_code == 200}
    call = await ended(holder, paid)
    spent = GRANTED_MICROCREDITS - await sync_to_async(holder.available)()
    assert spent == call.charged_microcredits > 0


async def test_a_key_is_its_owners_alone(
    http: httpx2.AsyncClient, site: str, new_holder: Callable[..., Holder]
) -> None:
    other = await sync_to_async(new_holder)()
    headers = {"Authorization": f"Bearer {other.secret}"}
    async with httpx2.AsyncClient(base_url=site, headers=headers) as theirs:
        made = [await _post(http, body()), await _post(theirs, body("Something else"))]

    assert [response.status_code for response in made] == [200, 200]
    assert await calls() == 2


async def test_a_refusal_does_not_use_the_key_up(http: httpx2.AsyncClient, holder: Holder) -> None:
    refused = await _post(http, body() | {"model": "nobody/nothing"})
    response = await _post(http, body())

    assert refused.status_code == 404
    assert response.status_code == 200


async def test_a_whole_answer_with_a_key_outlives_a_broken_connection(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    slow = body(switches="pace_ms=5 first_ms=0 tokens=100")
    asking = asyncio.create_task(_post(http, slow))
    while not await Call.objects.aexists():
        await asyncio.sleep(0.01)
    asking.cancel()
    await asyncio.wait([asking])
    again = await _post(http, slow)

    assert again.status_code == 200
    assert again.json()["usage"]["completion_tokens"] == 100
    assert again.headers["idempotency-replayed"] == "true"
    assert await calls() == 1


async def test_a_stream_ends_with_its_caller_and_a_repeat_hears_it(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    slow = body(switches="pace_ms=20 first_ms=0 tokens=2000", stream=True)
    headers = {"Idempotency-Key": "one"}
    async with http.stream("POST", ADDRESS, json=slow, headers=headers) as response:
        async for line in response.aiter_lines():
            if line.startswith("data: ") and '"content":""' not in line:
                break
    await ended(holder, response.headers["x-request-id"])
    *chunks, last = events((await _post(http, slow)).text)

    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert last["error"]["code"] == "answer_stopped"
    assert await calls() == 1


async def test_an_answer_that_is_no_longer_in_memory_is_not_made_again(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    await _post(http, body())
    left = await sync_to_async(holder.available)()
    house.forget()
    response = await _post(http, body())

    assert response.status_code == 409
    assert response.json()["error"]["code"] == "answer_not_kept"
    assert await sync_to_async(holder.available)() == left


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_a_key_has_a_length(http: httpx2.AsyncClient, key: str) -> None:
    response = await _post(http, body(), key)

    assert response.status_code == 400
    assert response.json()["error"]["param"] == "Idempotency-Key"
