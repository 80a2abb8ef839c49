"""Everything that is refused: in OpenAI's shape, with our codes, and without a charge."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import openai
import orjson
import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from openai import AsyncOpenAI

from bluegpt.accounts.models import ApiKey, Person
from bluegpt.accounts.services import api_keys
from bluegpt.api import parameters
from bluegpt.api.bodies import BYTES_MAX
from bluegpt.core import clock
from bluegpt.credits.services import caps
from bluegpt.credits.types import CapPeriod
from tests.api.conftest import (
    GRANTED_MICROCREDITS,
    WRITER,
    Holder,
    body,
    calls,
    ended,
    events,
    told,
    upstream_state,
)
from tests.providers import openai_schema

ADDRESS = "/v1/chat/completions"


def refused(response: httpx2.Response, status: int, code: str, param: str | None = None) -> Any:
    """The error in a response, which is as OpenAI describes it."""
    said = response.json()
    openai_schema.check(said, "ErrorResponse")
    error = said["error"]
    assert (response.status_code, error["code"], error["param"]) == (status, code, param), said
    assert error["message"]
    return error


async def test_without_a_key_nothing_opens(site: str) -> None:
    async with httpx2.AsyncClient(base_url=site) as stranger:
        for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}):
            response = await stranger.post(ADDRESS, json=body(), headers=headers)
            refused(response, 401, "invalid_api_key")
            refused(await stranger.get("/v1/models", headers=headers), 401, "invalid_api_key")

    assert response.headers["www-authenticate"] == "Bearer"
    assert await calls() == 0


async def _unknown(holder: Holder) -> str:
    return holder.secret + "x"


async def _revoked(holder: Holder) -> str:
    await sync_to_async(api_keys.revoke)(person_id=holder.person_id, key_id=holder.key.id)
    return holder.secret


async def _expired(holder: Holder) -> str:
    row = ApiKey.objects.filter(id=holder.key.id)
    await row.aupdate(expires_at=clock.now() - timedelta(seconds=1))
    return holder.secret


@pytest.mark.parametrize("spoil", [_unknown, _revoked, _expired])
async def test_a_key_that_does_not_work_is_refused_by_the_sdks_own_error(
    site: str, holder: Holder, spoil: Callable[..., Any]
) -> None:
    secret = await spoil(holder)
    async with AsyncOpenAI(base_url=f"{site}/v1", api_key=secret, max_retries=0) as sdk:
        with pytest.raises(openai.AuthenticationError) as caught:
            await sdk.chat.completions.create(model=WRITER, messages=told())

    assert caught.value.code == "invalid_api_key"
    assert await calls() == 0


async def test_too_few_credits_are_named_with_what_is_needed(
    site: str, new_holder: Callable[..., Holder]
) -> None:
    poor = await sync_to_async(new_holder)(500)
    headers = {"Authorization": f"Bearer {poor.secret}"}
    async with httpx2.AsyncClient(base_url=site, headers=headers) as http:
        response = await http.post(ADDRESS, json=body())

    error = refused(response, 402, "insufficient_credits")
    assert error["bluegpt"]["available_microcredits"] == 500
    assert error["bluegpt"]["needed_microcredits"] > 500
    assert "0.0005 are available" in error["message"]
    assert response.headers["x-should-retry"] == "false"
    assert await calls() == 0


async def test_a_spending_limit_of_the_key_is_kept(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    await sync_to_async(caps.set_cap)(
        person_id=holder.person_id,
        key_id=holder.key.id,
        period=CapPeriod.DAY,
        limit_microcredits=1,
    )

    refused(await http.post(ADDRESS, json=body()), 402, "cap_reached")
    assert await sync_to_async(holder.available)() == GRANTED_MICROCREDITS


async def test_an_unknown_model_is_not_found(sdk: AsyncOpenAI, http: httpx2.AsyncClient) -> None:
    with pytest.raises(openai.NotFoundError):
        await sdk.chat.completions.create(model="nobody/nothing", messages=told())

    response = await http.post(ADDRESS, json={**body(), "model": "nobody/nothing"})
    refused(response, 404, "unknown_model", "model")


async def test_a_model_without_a_key_is_not_available(http: httpx2.AsyncClient) -> None:
    response = await http.post(ADDRESS, json={**body(), "model": "openai/gpt-5.5"})

    refused(response, 400, "model_unavailable", "model")


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b'"text"', b"\xff"])
async def test_what_is_not_a_json_object_is_refused(http: httpx2.AsyncClient, sent: bytes) -> None:
    refused(await http.post(ADDRESS, content=sent), 400, "unreadable_request")


@pytest.mark.parametrize("content", ["", "  ", [{"type": "text", "text": ""}]])
async def test_a_question_without_words_is_refused(http: httpx2.AsyncClient, content: Any) -> None:
    talk = [USER, {"role": "assistant", "content": "x"}, {"role": "user", "content": content}]

    refused(await http.post(ADDRESS, json=body() | {"messages": talk}), 400, "empty_message")


USER = {"role": "user", "content": "Hello"}
MISSHAPEN: dict[str, tuple[Any, str]] = {
    "no model": ({"messages": [USER]}, "model"),
    "no messages": ({"model": WRITER}, "messages"),
    "empty messages": (body() | {"messages": []}, "messages"),
    "a message of nobody": (body() | {"messages": [{"content": "x"}]}, "messages[0].role"),
    "no content": (body() | {"messages": [{"role": "user"}]}, "messages[0].content"),
    "the last word is the assistant's": (
        body() | {"messages": [USER, {"role": "assistant", "content": "x"}]},
        "messages",
    ),
    "a text that is none": (
        body() | {"messages": [{"role": "user", "content": [{"type": "text", "text": 1}]}]},
        "messages[0].content[0].text",
    ),
    "a stream of numbers": (body(stream=1), "stream"),
    "no tokens at all": (body(max_tokens=0), "max_tokens"),
    "true as a number": (body(max_completion_tokens=True), "max_completion_tokens"),
    "two limits": (body(max_tokens=5, max_completion_tokens=6), "max_tokens"),
    "options of no stream": (body(stream_options={"include_usage": True}), "stream_options"),
}


@pytest.mark.parametrize("fault", MISSHAPEN)
async def test_a_misshapen_parameter_is_named(http: httpx2.AsyncClient, fault: str) -> None:
    sent, param = MISSHAPEN[fault]

    refused(await http.post(ADDRESS, json=sent), 400, "invalid_parameter", param)
    assert await calls() == 0


def _part(kind: str, **more: Any) -> Any:
    return body() | {"messages": [{"role": "user", "content": [{"type": kind, **more}]}]}


PIXEL = "data:image/png;base64,iVBORw0KGgo="
NOT_OFFERED: dict[str, tuple[Any, str]] = {
    "another temperature": (body(temperature=0.2), "temperature"),
    "several answers": (body(n=2), "n"),
    "true for one": (body(n=True), "n"),
    "a stop sequence": (body(stop="END"), "stop"),
    "tools": (body(tools=[{"type": "function"}]), "tools"),
    "a JSON answer": (body(response_format={"type": "json_object"}), "response_format"),
    "storing": (body(store=True), "store"),
    "a dearer lane": (body(service_tier="priority"), "service_tier"),
    "an effort": (body(reasoning_effort="high"), "reasoning_effort"),
    "probabilities": (body(logprobs=True), "logprobs"),
    "a parameter of nobody": (body(frobnicate=1), "frobnicate"),
    "a name without an end": (body() | {"x" * 9_000: 1}, "x" * 200),
    "an option of nobody": (body(stream=True, stream_options={"x": 1}), "stream_options.x"),
    "a late system message": (
        body() | {"messages": [USER, {"role": "system", "content": "x"}, USER]},
        "messages[1].role",
    ),
    "a tool's message": (
        body() | {"messages": [{"role": "tool", "content": "x", "tool_call_id": "1"}]},
        "messages[0].role",
    ),
    "a name": (body() | {"messages": [{**USER, "name": "Ada"}]}, "messages[0].name"),
    "a picture elsewhere": (
        _part("image_url", image_url={"url": "https://example.org/x.png"}),
        "messages[0].content[0].image_url.url",
    ),
    "a picture that is not base64": (
        _part("image_url", image_url={"url": "data:image/png;base64,?"}),
        "messages[0].content[0].image_url.url",
    ),
    "a picture in low detail": (
        _part("image_url", image_url={"url": PIXEL, "detail": "low"}),
        "messages[0].content[0].image_url.detail",
    ),
    "sound": (_part("input_audio", input_audio={}), "messages[0].content[0].type"),
}


@pytest.mark.parametrize("wish", NOT_OFFERED)
async def test_what_would_be_ignored_is_refused_by_name(
    http: httpx2.AsyncClient, wish: str
) -> None:
    sent, param = NOT_OFFERED[wish]

    error = refused(await http.post(ADDRESS, json=sent), 400, "unsupported_parameter", param)
    assert param in error["message"]
    assert await calls() == 0


async def test_values_that_change_nothing_are_heard(http: httpx2.AsyncClient) -> None:
    neutral: dict[str, Any] = {
        "temperature": 1.0,
        "top_p": 1,
        "n": 1,
        "stop": None,
        "presence_penalty": 0,
        "frequency_penalty": 0.0,
        "logit_bias": {},
        "response_format": {"type": "text"},
        "tools": [],
        "tool_choice": "auto",
        "store": False,
        "service_tier": "auto",
        "user": "somebody",
        "metadata": {"a": "b"},
        "seed": None,
    }

    response = await http.post(ADDRESS, json=body(**neutral))

    assert response.status_code == 200, response.text


def test_every_parameter_that_openai_describes_has_a_fate() -> None:
    known = parameters.HONOURED | parameters.WITHOUT_BEARING | set(parameters.NEUTRAL)

    assert openai_schema.request_fields("CreateChatCompletionRequest") == known


async def test_a_picture_that_is_none_is_refused_by_its_place(http: httpx2.AsyncClient) -> None:
    response = await http.post(ADDRESS, json=_part("image_url", image_url={"url": PIXEL}))

    error = refused(response, 400, "unreadable_attachment")
    assert "messages[0].content[0].image_url" in error["message"]


async def test_other_addresses_and_methods_answer_as_an_api_does(http: httpx2.AsyncClient) -> None:
    refused(await http.post("/v1/embeddings", json={}), 404, "unknown_address")
    refused(await http.get("/v1/"), 404, "unknown_address")
    response = await http.get(ADDRESS)
    refused(response, 405, "method_not_offered")
    assert response.headers["allow"] == "POST"


async def test_a_body_that_is_too_large_is_refused_unread(site: str) -> None:
    host, port = site.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    size = f"Content-Length: {BYTES_MAX + 1}"
    lines = (f"POST {ADDRESS} HTTP/1.1", f"Host: {host}", size, "", "")
    writer.write("\r\n".join(lines).encode())
    head, _empty, said = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()

    assert head.startswith(b"HTTP/1.1 413")
    openai_schema.check(orjson.loads(said), "ErrorResponse")
    assert orjson.loads(said)["error"]["code"] == "request_too_large"


async def test_a_session_is_no_key(site: str, holder: Holder, async_client: AsyncClient) -> None:
    await async_client.aforce_login(await Person.objects.aget(id=holder.person_id))
    cookies = {name: morsel.value for name, morsel in async_client.cookies.items()}
    async with httpx2.AsyncClient(base_url=site, cookies=cookies) as browser:
        response = await browser.post(ADDRESS, json=body())

    assert cookies
    refused(response, 401, "invalid_api_key")


@pytest.mark.parametrize(
    ("switch", "status", "code"),
    [
        ("error=429", 429, "provider_busy"),
        ("error=500", 503, "provider_down"),
        ("error=400", 400, "provider_rejected"),
        ("error=401", 503, "provider_misconfigured"),
        ("error=context", 400, "context_too_long"),
    ],
)
@pytest.mark.parametrize("is_streamed", [True, False])
async def test_a_refusal_by_the_provider_is_a_status_and_costs_nothing(
    http: httpx2.AsyncClient,
    holder: Holder,
    switch: str,
    status: int,
    code: str,
    is_streamed: bool,
) -> None:
    response = await http.post(ADDRESS, json=body(switches=switch, stream=is_streamed))

    refused(response, status, code, "messages" if code == "context_too_long" else None)
    assert await sync_to_async(holder.available)() == GRANTED_MICROCREDITS


async def test_a_stream_that_breaks_says_so_and_what_it_cost(
    http: httpx2.AsyncClient, sdk: AsyncOpenAI, holder: Holder
) -> None:
    broken = body(switches="pace_ms=0 first_ms=0 cut_after=30", stream=True)
    response = await http.post(ADDRESS, json=broken)
    stream = await sdk.chat.completions.create(**broken)
    with pytest.raises(openai.APIError):
        [chunk async for chunk in stream]

    *_chunks, last = events(response.text)
    openai_schema.check(last, "ErrorResponse")
    assert last["error"]["code"] == "stream_cut"
    call = await ended(holder, response.headers["x-request-id"])
    assert last["error"]["bluegpt"]["charged_microcredits"] == call.charged_microcredits > 0


async def test_a_whole_answer_that_breaks_gives_what_was_paid_for(
    http: httpx2.AsyncClient, holder: Holder
) -> None:
    broken = body(switches="pace_ms=0 first_ms=0 cut_after=30")
    response = await http.post(ADDRESS, json=broken)

    refused(response, 503, "stream_cut")
    partial = response.json()["partial"]
    openai_schema.check(partial, "CreateChatCompletionResponse")
    assert partial["choices"][0]["message"]["content"]
    spent = GRANTED_MICROCREDITS - await sync_to_async(holder.available)()
    assert partial["usage"]["bluegpt"]["charged_microcredits"] == spent > 0
    assert response.headers["x-should-retry"] == "false"
    assert await upstream_state() != "running"
