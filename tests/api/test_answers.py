"""Answers through the official SDK: whole and streamed, priced like the page's."""

import asyncio
import gc
from base64 import b64encode
from collections.abc import Callable
from contextlib import aclosing
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.test import AsyncClient
from openai import AsyncOpenAI
from PIL import Image
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.api import answers, streaming
from bluegpt.core.money import credits_text
from bluegpt.credits.models import Hold
from bluegpt.providers.types.turns import Role
from bluegpt.studio.flows import live
from bluegpt.studio.models import Call, Conversation, Message
from bluegpt.studio.types.calls import Position
from bluegpt.studio.types.prompts import Prompt, PromptTurn
from tests.api.conftest import (
    GRANTED_MICROCREDITS,
    WRITER,
    Holder,
    body,
    ended,
    events,
    told,
    upstream_state,
)
from tests.providers import openai_schema

pytestmark = pytest.mark.both_databases


async def test_a_whole_answer_is_what_openai_describes_and_what_the_ledger_charged(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    response = await http.post("/v1/chat/completions", json=body(switches="pace_ms=0 tokens=40"))

    answer = response.json()
    assert response.status_code == 200, answer
    openai_schema.check(answer, "CreateChatCompletionResponse")
    assert answer["model"] == WRITER
    assert answer["choices"][0]["finish_reason"] == "stop"
    assert answer["usage"]["completion_tokens"] == 40
    charged = answer["usage"]["bluegpt"]["charged_microcredits"]
    assert 0 < charged == GRANTED_MICROCREDITS - await sync_to_async(holder.available)()
    assert response.headers["x-bluegpt-credits-charged"] == credits_text(charged)
    assert await sync_to_async(holder.held)() == 0
    call = await ended(holder, response.headers["x-request-id"])
    assert call.charged_microcredits == charged
    assert answer["id"] == f"chatcmpl-{call.id.hex}"


async def test_a_streamed_answer_is_what_openai_describes(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    wanted = body(stream=True, stream_options={"include_usage": True})
    response = await http.post("/v1/chat/completions", json=wanted)

    *chunks, mark = events(response.text)
    assert response.headers["content-type"] == "text/event-stream"
    assert mark == "[DONE]"
    for chunk in chunks:
        openai_schema.check(chunk, "CreateChatCompletionStreamResponse")
    assert len({(chunk["id"], chunk["created"]) for chunk in chunks}) == 1
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert [chunk["usage"] for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["choices"] == []
    charged = chunks[-1]["usage"]["bluegpt"]["charged_microcredits"]
    assert 0 < charged == GRANTED_MICROCREDITS - await sync_to_async(holder.available)()


async def test_the_sdk_reads_both_and_both_say_the_same(sdk: AsyncOpenAI) -> None:
    asked = told(switches="pace_ms=2 first_ms=0")
    whole = await sdk.chat.completions.create(model=WRITER, messages=asked)
    stream = await sdk.chat.completions.create(
        model=WRITER, messages=asked, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]

    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said == whole.choices[0].message.content
    assert whole.usage
    assert whole.usage.model_extra
    assert float(whole.usage.model_extra["bluegpt"]["charged_credits"]) > 0
    assert chunks[-1].usage
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
    assert len(chunks) > 5


async def test_without_being_asked_a_stream_says_nothing_of_usage(
    http: httpx2.AsyncClient,
) -> None:
    response = await http.post("/v1/chat/completions", json=body(stream=True))

    assert all("usage" not in chunk for chunk in events(response.text)[:-1])


@pytest.fixture
def plain_static_files(settings: Settings) -> None:
    """The page names its static files though nobody has collected any."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": storage}


@pytest.fixture
def session_of(
    plain_static_files: None, async_client: AsyncClient, holder: Holder
) -> dict[str, str]:
    """The cookies of a browser in which the holder is logged in, with a proof of origin."""
    async_client.force_login(Person.objects.get(id=holder.person_id))
    session = async_client.cookies[settings.SESSION_COOKIE_NAME].value
    return {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: "c" * 32}


async def _send_the_form(site: str, session_of: dict[str, str], text: str) -> str:
    """Send a message as the page does; the call's id."""
    call_id = str(uuid4())
    form = {"text": text, "model": WRITER, "temporary": "on", "request_key": call_id}
    headers = {"X-Fragment": "1", "X-CSRFToken": session_of[settings.CSRF_COOKIE_NAME]}
    async with httpx2.AsyncClient(base_url=site, cookies=session_of, headers=headers) as browser:
        response = await browser.post("/messages", data=form)
    assert response.status_code == 200, response.text
    assert call_id in response.text
    return call_id


async def test_a_key_and_the_page_pay_the_same_price(
    http: httpx2.AsyncClient, holder: Holder, site: str, session_of: dict[str, str]
) -> None:
    text = "What do whales sing about?\nsandbox: pace_ms=0 first_ms=0 tokens=300"
    page = await ended(holder, await _send_the_form(site, session_of, text))

    wanted = {"model": WRITER, "messages": [{"role": "user", "content": text}]}
    whole = await http.post("/v1/chat/completions", json=wanted)
    streamed = await http.post("/v1/chat/completions", json={**wanted, "stream": True})

    by_key = [await ended(holder, each.headers["x-request-id"]) for each in (whole, streamed)]
    assert page.charged_microcredits > 0
    for call in by_key:
        assert call.charged_microcredits == page.charged_microcredits
        assert call.ceiling_microcredits == page.ceiling_microcredits
        assert call.usage == page.usage


async def test_nothing_that_was_said_is_stored(http: httpx2.AsyncClient) -> None:
    await http.post("/v1/chat/completions", json=body())

    assert await Conversation.objects.acount() == 0
    assert await Message.objects.acount() == 0


async def test_the_hold_names_the_key_that_spent(http: httpx2.AsyncClient, holder: Holder) -> None:
    response = await http.post("/v1/chat/completions", json=body())

    hold = await Hold.objects.aget(id=response.headers["x-request-id"])
    assert hold.key_id == holder.key.id


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
async def test_the_callers_limit_shortens_the_answer_and_the_ceiling(
    http: httpx2.AsyncClient, name: str
) -> None:
    free = await http.post("/v1/chat/completions", json=body())
    response = await http.post("/v1/chat/completions", json=body() | {name: 20})

    answer = response.json()
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 20
    assert answer["usage"]["bluegpt"]["code"] is None
    ceiling = "x-bluegpt-credits-ceiling"
    assert float(response.headers[ceiling]) < float(free.headers[ceiling]) / 10


async def test_a_balance_that_ends_the_answer_is_told_from_a_limit(
    site: str, new_holder: Callable[..., Holder]
) -> None:
    thrifty = await sync_to_async(new_holder)(25_000)  # about 300 tokens of the writer
    headers = {"Authorization": f"Bearer {thrifty.secret}"}
    async with httpx2.AsyncClient(base_url=site, headers=headers, timeout=30) as http:
        response = await http.post("/v1/chat/completions", json=body(switches="tokens=900"))

    answer = response.json()
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["bluegpt"]["code"] == "ceiling_reached"
    assert 0 < answer["usage"]["bluegpt"]["charged_microcredits"] <= 25_000


@pytest.mark.parametrize("switch", ["usage=absurd", "usage=negative"])
async def test_a_count_that_nobody_believes_is_told_as_a_doubt_and_not_charged(
    http: httpx2.AsyncClient, holder: Holder, switch: str
) -> None:
    asked = body(switches=f"pace_ms=0 {switch}")
    response = await http.post("/v1/chat/completions", json=asked)

    answer = response.json()
    assert response.status_code == 200, answer
    assert answer["choices"][0]["message"]["content"]
    cost = answer["usage"]["bluegpt"]
    assert (cost["is_in_doubt"], cost["charged_microcredits"]) == (True, 0)
    assert await sync_to_async(holder.held)() > 0


async def test_system_and_developer_messages_reach_the_model(http: httpx2.AsyncClient) -> None:
    bare = await http.post("/v1/chat/completions", json=body())
    asked = body()
    asked["messages"] = [
        {"role": "system", "content": "Be brief. " * 100},
        {"role": "developer", "content": [{"type": "text", "text": "Be kind. " * 100}]},
        *asked["messages"],
    ]
    response = await http.post("/v1/chat/completions", json=asked)

    grown = response.json()["usage"]["prompt_tokens"] - bare.json()["usage"]["prompt_tokens"]
    assert 400 < grown < 600


async def test_pictures_and_documents_come_as_data_urls(http: httpx2.AsyncClient) -> None:
    asked = body()
    asked["messages"][0]["content"] = [
        {"type": "text", "text": "What is this?\nsandbox: pace_ms=0"},
        {"type": "image_url", "image_url": {"url": _picture(), "detail": "auto"}},
    ]
    response = await http.post("/v1/chat/completions", json=asked)

    assert response.status_code == 200, response.text
    # The sandbox counts a token per 750 pixels.
    assert response.json()["usage"]["prompt_tokens"] >= 300 * 300 // 750


def _picture() -> str:
    written = BytesIO()
    Image.new("RGB", (300, 300), "teal").save(written, "PNG")
    return f"data:image/png;base64,{b64encode(written.getvalue()).decode()}"


async def test_a_model_that_thinks_shows_it_apart(sdk: AsyncOpenAI) -> None:
    answer = await sdk.chat.completions.create(model="sandbox/thinker", messages=told())
    stream = await sdk.chat.completions.create(
        model="sandbox/thinker", messages=told(), stream=True
    )
    thought = [_reasoning(chunk) async for chunk in stream]

    message = answer.choices[0].message.model_dump()
    assert message["reasoning_content"] == "".join(thought)
    assert message["reasoning_content"] not in message["content"]
    assert answer.usage
    assert answer.usage.completion_tokens_details
    assert answer.usage.completion_tokens_details.reasoning_tokens


def _reasoning(chunk: Any) -> str:
    return str(chunk.choices[0].delta.model_dump().get("reasoning_content") or "")


async def test_a_conversation_is_answered_at_its_end(sdk: AsyncOpenAI) -> None:
    answer = await sdk.chat.completions.create(
        model=WRITER,
        messages=[
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Good day."},
            {"role": "user", "content": "Go on."},
            {"role": "user", "content": 'sandbox: pace_ms=0 text="the last word"'},
        ],
    )

    assert answer.choices[0].message.content == "the last word"


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_who_hangs_up_ends_the_answer_and_pays_for_what_came(
    http: httpx2.AsyncClient, holder: Holder, is_streamed: bool
) -> None:
    slow = body(switches="pace_ms=20 first_ms=0 tokens=2000", stream=is_streamed)
    call_id = await (_cut_stream if is_streamed else _cut_wait)(http, slow, holder)

    call = await ended(holder, call_id)
    assert call.state == "stopped"
    assert 0 < call.charged_microcredits < call.ceiling_microcredits / 2
    assert await upstream_state() == "client_gone"
    spent = GRANTED_MICROCREDITS - await sync_to_async(holder.available)()
    assert spent == call.charged_microcredits
    assert await sync_to_async(holder.held)() == 0


async def _cut_stream(http: httpx2.AsyncClient, slow: Any, _holder: Holder) -> str:
    async with http.stream("POST", "/v1/chat/completions", json=slow) as response:
        async for line in response.aiter_lines():
            if line.startswith("data: ") and '"content":""' not in line:
                break
    return str(response.headers["x-request-id"])


async def _cut_wait(http: httpx2.AsyncClient, slow: Any, holder: Holder) -> str:
    asking = asyncio.create_task(http.post("/v1/chat/completions", json=slow))
    call_id = await _begun()
    await _has_said(holder, call_id)
    asking.cancel()
    await asyncio.wait([asking])
    return str(call_id)


async def _has_said(holder: Holder, call_id: UUID) -> None:
    """Some words of the answer have come."""
    following = live.follow(person_id=holder.person_id, call_id=call_id, after=Position())
    async with aclosing(following):
        async for event in following:
            if event.position.text_chars > 40:
                return


async def _begun() -> UUID:
    """The only call, once it has begun and can be followed."""
    while True:
        call = await Call.objects.afirst()
        if call is not None and live.house.find(call.id) is not None:
            return call.id
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_a_hang_up_before_the_first_word_costs_nothing(
    http: httpx2.AsyncClient, holder: Holder, is_streamed: bool
) -> None:
    silent = body(switches="first_ms=60000", stream=is_streamed)
    asking = asyncio.create_task(http.post("/v1/chat/completions", json=silent))
    call_id = await _begun()
    asking.cancel()
    await asyncio.wait([asking])

    call = await ended(holder, str(call_id))
    assert (call.state, call.charged_microcredits) == ("stopped", 0)
    assert await sync_to_async(holder.held)() == 0
    assert await sync_to_async(holder.available)() == GRANTED_MICROCREDITS


@pytest.mark.parametrize("is_closed", [True, False])
async def test_a_response_that_is_given_up_unread_ends_the_answer(
    site: str, holder: Holder, is_closed: bool
) -> None:
    """Who hangs up while it is on its way through the middleware leaves nobody to close it."""
    said = told(switches="pace_ms=20 first_ms=0 tokens=2000")[0]["content"]
    prompt = Prompt(
        person_id=holder.person_id,
        model_key=WRITER,
        system="",
        turns=(PromptTurn(role=Role.USER, pieces=(said,)),),
    )
    answer = await answers.begin(prompt, outlives_caller=False)
    response = await streaming.streamed(answer, wants_usage=False)
    if is_closed:
        await asyncio.to_thread(response.close)
    else:
        del response
        gc.collect()

    call = await ended(holder, str(answer.asked.call_id))
    assert call.state == "stopped"
    assert await upstream_state() == "client_gone"


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_an_answer_under_which_the_server_ends_is_settled_and_says_so(
    http: httpx2.AsyncClient, holder: Holder, is_streamed: bool
) -> None:
    slow = body(switches="pace_ms=20 first_ms=0 tokens=2000", stream=is_streamed)
    asking = asyncio.create_task(http.post("/v1/chat/completions", json=slow))
    call_id = await _begun()
    await _has_said(holder, call_id)
    await live.close_house()
    response = await asking

    last = events(response.text)[-1] if is_streamed else response.json()
    assert last["error"]["code"] == "answer_interrupted"
    assert response.status_code == (200 if is_streamed else 503)
    spent = GRANTED_MICROCREDITS - await sync_to_async(holder.available)()
    assert last["error"]["bluegpt"]["charged_microcredits"] == spent > 0
