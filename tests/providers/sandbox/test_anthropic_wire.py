"""First witness: what the sandbox sends on Anthropic's wire, against recorded streams."""

from typing import Any

import pytest

from tests.providers.sandbox import recordings
from tests.providers.sandbox.clients import Client, Messages

MESSAGES = Messages()
QUICK = "What is a sandbox?\nsandbox: pace_ms=0"
LONG = "word " * 2_000
CACHE = {"type": "ephemeral"}


@pytest.mark.parametrize("limit", [1, 40, 90, 16_000])
@pytest.mark.parametrize("model", ["writer", "thinker", "scholar"])
async def test_every_stream_keeps_to_the_recorded_grammar(
    client: Client, model: str, limit: int
) -> None:
    heard = await client.listen(MESSAGES, QUICK, model=model, limit=limit)

    recordings.check(heard.events)
    assert all(event.name == event.body["type"] for event in heard.events)
    assert heard.headers["request-id"].startswith("req_")


@pytest.mark.parametrize("refuse", ["refuse", "refuse=filter"])
async def test_a_refusal_keeps_to_the_recorded_grammar(client: Client, refuse: str) -> None:
    heard = await client.listen(MESSAGES, f"sandbox: pace_ms=0 {refuse}")

    recordings.check(heard.events)
    stop = heard.events[-2].body["delta"]
    assert (stop["stop_reason"], stop["stop_details"]["type"]) == ("refusal", "refusal")


async def test_thoughts_are_signed_and_come_first(client: Client) -> None:
    heard = await client.listen(MESSAGES, QUICK, model="scholar")

    starts = [event.body for event in heard.events if event.name == "content_block_start"]
    assert [(start["index"], start["content_block"]["type"]) for start in starts] == [
        (0, "thinking"),
        (1, "text"),
    ]
    assert any("signature" in event.body.get("delta", {}) for event in heard.events)


async def test_a_limit_inside_the_thoughts_leaves_no_text(client: Client) -> None:
    response = await client.ask(MESSAGES, QUICK, model="scholar", limit=10)

    answer = await response.json()
    assert [block["type"] for block in answer["content"]] == ["thinking"]
    assert answer["stop_reason"] == "max_tokens"
    assert answer["usage"]["output_tokens"] == 10


@pytest.mark.parametrize(
    ("thinking", "kinds", "thought"),
    [
        ({"type": "disabled"}, ["text"], False),
        ({"type": "adaptive", "display": "summarized"}, ["thinking", "text"], True),
        ({"type": "adaptive", "display": "omitted"}, ["thinking", "text"], False),
        ({"type": "enabled", "budget_tokens": 1_024}, ["thinking", "text"], True),
    ],
)
async def test_thinking_follows_the_request(
    client: Client, thinking: dict[str, Any], kinds: list[str], thought: bool
) -> None:
    body = MESSAGES.body(QUICK, model="scholar", is_stream=False, limit=9_000)

    answer = await (await client.post("/v1/messages", body | {"thinking": thinking})).json()

    assert [block["type"] for block in answer["content"]] == kinds
    assert bool(answer["content"][0].get("thinking")) == thought


async def test_a_stop_sequence_is_named_and_not_said(client: Client) -> None:
    body = MESSAGES.body(
        'sandbox: pace_ms=0 text="one two three"', model="writer", is_stream=False, limit=50
    )

    answer = await (
        await client.post("/v1/messages", body | {"stop_sequences": ["three", "two"]})
    ).json()

    assert answer["content"][0]["text"] == "one "
    assert (answer["stop_reason"], answer["stop_sequence"]) == ("stop_sequence", "two")


@pytest.mark.parametrize("ttl", ["5m", "1h"])
async def test_the_cache_is_written_once_and_then_read_where_it_was_asked_for(
    client: Client, ttl: str
) -> None:
    system = [{"type": "text", "text": LONG, "cache_control": CACHE | {"ttl": ttl}}]
    body = MESSAGES.body(QUICK, model="writer", is_stream=False, limit=5) | {"system": system}

    first = (await (await client.post("/v1/messages", body)).json())["usage"]
    second = (await (await client.post("/v1/messages", body)).json())["usage"]

    written = first["cache_creation_input_tokens"]
    assert written > 1_000
    assert first["cache_creation"][f"ephemeral_{ttl}_input_tokens"] == written
    assert second["cache_read_input_tokens"] == written
    assert second["cache_creation_input_tokens"] == 0
    assert second["input_tokens"] == first["input_tokens"]


async def test_nothing_is_cached_where_nobody_asked(client: Client) -> None:
    body = MESSAGES.body(LONG + QUICK, model="writer", is_stream=False, limit=5)

    for _ in range(2):
        usage = (await (await client.post("/v1/messages", body)).json())["usage"]
        assert usage["cache_read_input_tokens"] == usage["cache_creation_input_tokens"] == 0


async def test_tokens_are_counted_as_they_are_billed(client: Client) -> None:
    body = MESSAGES.body(QUICK, model="writer", is_stream=False, limit=5)
    counted = {"model": "writer", "messages": body["messages"]}

    count = await (await client.post("/v1/messages/count_tokens", counted)).json()
    usage = (await (await client.post("/v1/messages", body)).json())["usage"]

    assert count == {"input_tokens": usage["input_tokens"]}


async def test_the_list_of_models_is_in_the_dialect_of_who_asks(client: Client) -> None:
    listed = await client.get("/v1/models", {"anthropic-version": "2023-06-01"})

    assert [model["id"] for model in listed["data"]] == ["writer", "thinker", "scholar"]
    assert listed["has_more"] is False
    assert listed["data"][0]["max_input_tokens"] == 128_000
