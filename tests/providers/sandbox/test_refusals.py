"""What the sandbox does not take, and in whose words it says so."""

import io
from typing import Any

import aiohttp
import pytest

from bluegpt.providers.adapters.sandbox.server import BODY_BYTES_MAX
from tests.providers.sandbox.clients import KEY, WIRES, Chat, Client, Messages, Responses, Wire

on_every_wire = pytest.mark.parametrize("wire", WIRES, ids=lambda wire: wire.name)
QUICK = "What is this?\nsandbox: pace_ms=0"


@on_every_wire
async def test_a_request_without_a_key_is_refused_in_its_dialect(url: str, wire: Wire) -> None:
    body = wire.body(QUICK, model="writer", is_stream=False, limit=50)
    async with (
        aiohttp.ClientSession(url) as session,
        session.post(wire.path("writer", is_stream=False), json=body) as response,
    ):
        refusal = await response.json()

    assert response.status == 401
    assert isinstance(refusal["error"][wire.error_at], str)
    assert ("request_id" in refusal) == (wire.name == "anthropic_messages")


@pytest.mark.parametrize("header", ["authorization", "x-api-key", "x-goog-api-key"])
async def test_a_key_may_come_in_any_of_three_headers(url: str, header: str) -> None:
    value = "Bearer k" if header == "authorization" else "k"
    async with (
        aiohttp.ClientSession(url) as session,
        session.get("/v1/models", headers={header: value}) as response,
    ):
        assert response.status == 200


@on_every_wire
async def test_an_unknown_model_is_not_found(client: Client, wire: Wire) -> None:
    response = await client.ask(wire, QUICK, model="gpt-9")

    assert response.status == 404
    assert "gpt-9" in (await response.json())["error"]["message"]


@on_every_wire
@pytest.mark.parametrize("body", [b"{", b"", b"[]", b'"text"', b"\xff"])
async def test_a_body_that_is_no_object_is_a_bad_request(url: str, wire: Wire, body: bytes) -> None:
    headers = KEY | {"anthropic-version": "x"}
    async with (
        aiohttp.ClientSession(url) as session,
        session.post(wire.path("writer", is_stream=False), data=body, headers=headers) as response,
    ):
        assert response.status in (400, 404)
        assert (await response.json())["error"]["message"]


@on_every_wire
async def test_an_unknown_field_is_refused_by_name(client: Client, wire: Wire) -> None:
    body = wire.body(QUICK, model="writer", is_stream=False, limit=50) | {"colour": "blue"}

    response = await client.post(wire.path("writer", is_stream=False), body)

    assert response.status == 400
    assert "colour" in (await response.json())["error"]["message"]


@pytest.mark.parametrize(
    ("wire", "change", "word"),
    [
        (Chat(), {"messages": []}, "messages"),
        (Chat(), {"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role"),
        (Chat(), {"n": 2}, "n"),
        (Chat(), {"max_tokens": 9}, "max_tokens"),
        (Chat(), {"max_completion_tokens": 1_000_000}, "max_completion_tokens"),
        (Chat(), {"temperature": 3}, "temperature"),
        (Chat(), {"stop": list("abcde")}, "stop"),
        (Chat(), {"stream_options": {"include_usage": True}}, "stream_options"),
        (Chat(), {"safety_identifier": "x" * 65}, "safety_identifier"),
        (Chat(), {"response_format": {"type": "json_object"}}, "response_format"),
        (Responses(), {"input": None}, "input"),
        (Responses(), {"input": []}, "input"),
        (Responses(), {"max_output_tokens": 15}, "max_output_tokens"),
        (Responses(), {"max_output_tokens": True}, "max_output_tokens"),
        (Responses(), {"previous_response_id": "resp_1"}, "previous_response_id"),
        (Responses(), {"background": True}, "background"),
        (Messages(), {"max_tokens": None}, "max_tokens"),
        (Messages(), {"max_tokens": 0}, "max_tokens"),
        (Messages(), {"max_tokens": 100_000}, "max_tokens"),
        (Messages(), {"messages": []}, "messages"),
        (Messages(), {"messages": [{"role": "system", "content": "x"}]}, "messages.0.role"),
        (Messages(), {"messages": [{"role": "assistant", "content": "x"}]}, "user"),
        (Messages(), {"messages": [{"role": "user", "content": ""}]}, "content"),
        (Messages(), {"thinking": {"type": "enabled", "budget_tokens": 1}}, "budget_tokens"),
    ],
)
async def test_what_the_real_ones_refuse_is_refused(
    client: Client, wire: Wire, change: dict[str, Any], word: str
) -> None:
    body = wire.body(QUICK, model="scholar", is_stream=False, limit=50) | change

    response = await client.post(wire.path("scholar", is_stream=False), body)

    assert response.status == 400
    assert word in (await response.json())["error"]["message"]


async def test_anthropic_wants_its_version_header(client: Client) -> None:
    body = Messages().body(QUICK, model="writer", is_stream=False, limit=50)

    response = await client.post("/v1/messages", body, {"anthropic-version": ""})

    assert response.status == 400
    assert "anthropic-version" in (await response.json())["error"]["message"]


@on_every_wire
async def test_an_input_beyond_the_context_window_is_refused(client: Client, wire: Wire) -> None:
    response = await client.ask(wire, "word " * 128_001)

    assert response.status == 400
    assert "128000" in (await response.json())["error"]["message"]


async def test_a_body_beyond_the_limit_is_too_large(url: str) -> None:
    body = io.BytesIO(b" " * (BODY_BYTES_MAX + 1))
    async with (
        aiohttp.ClientSession(url) as session,
        session.post("/v1/chat/completions", data=body, headers=KEY) as response,
    ):
        refusal = await response.json()

    assert response.status == 413
    assert refusal["error"]["code"] == "request_too_large"


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v1/nothing", 404), ("GET", "/v1/responses", 405)]
)
async def test_a_wrong_address_is_refused_in_json(
    url: str, method: str, path: str, status: int
) -> None:
    async with (
        aiohttp.ClientSession(url) as session,
        session.request(method, path, headers=KEY) as response,
    ):
        assert response.status == status
        assert (await response.json())["error"]["type"] == "invalid_request_error"
