"""First witness: what the sandbox sends on OpenAI's wires, against OpenAI's own description."""

import pytest

from bluegpt.providers.adapters.sandbox.fields import known
from tests.providers import openai_schema
from tests.providers.sandbox.clients import Chat, Client, Responses

CHAT, RESPONSES = Chat(), Responses()
MODELS = ("writer", "thinker", "scholar")
QUICK = "What is a sandbox?\nsandbox: pace_ms=0"


@pytest.mark.parametrize("model", MODELS)
async def test_every_chunk_is_a_chat_completion_chunk(client: Client, model: str) -> None:
    heard = await client.listen(CHAT, QUICK, model=model)

    *chunks, end = heard.events
    for chunk in chunks:
        openai_schema.check(chunk.body, "CreateChatCompletionStreamResponse")

    assert CHAT.is_end(end)
    assert chunks[0].body["choices"][0]["delta"]["role"] == "assistant"
    assert chunks[-2].body["choices"][0]["finish_reason"] == "stop"
    assert len({chunk.body["id"] for chunk in chunks}) == 1


async def test_usage_comes_in_a_last_chunk_of_its_own(client: Client) -> None:
    heard = await client.listen(CHAT, QUICK)

    *earlier, last = [event.body for event in heard.events[:-1]]
    assert all(chunk["usage"] is None for chunk in earlier)
    assert last["choices"] == []
    assert last["usage"]["completion_tokens"] == sum(map(bool, map(CHAT.piece, heard.events)))


async def test_no_chunk_speaks_of_usage_unless_it_was_asked_for(client: Client) -> None:
    body = CHAT.body(QUICK, model="writer", is_stream=True, limit=100)
    del body["stream_options"]

    heard = await client.stream("/v1/chat/completions", body)

    assert all("usage" not in event.body for event in heard.events[:-1])
    assert all(event.body["choices"] for event in heard.events[:-1])


@pytest.mark.parametrize("model", MODELS)
async def test_a_whole_chat_answer_is_a_chat_completion(client: Client, model: str) -> None:
    response = await client.ask(CHAT, QUICK, model=model)

    openai_schema.check(await response.json(), "CreateChatCompletionResponse")
    assert response.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize("limit", [16, 60, 16_000])
@pytest.mark.parametrize("model", MODELS)
async def test_every_event_is_a_responses_event(client: Client, model: str, limit: int) -> None:
    heard = await client.listen(RESPONSES, QUICK, model=model, limit=limit)

    for event in heard.events:
        assert event.body["type"] == event.name
        openai_schema.check(event.body, openai_schema.event_schema(event.name))

    numbers = [event.body["sequence_number"] for event in heard.events]
    assert numbers == list(range(len(numbers)))
    assert RESPONSES.is_end(heard.events[-1])


@pytest.mark.parametrize("words", ["refuse", "refuse=filter", "text=''"])
@pytest.mark.parametrize("model", MODELS)
async def test_odd_answers_keep_to_the_description_too(
    client: Client, model: str, words: str
) -> None:
    asked = f"Hello\nsandbox: pace_ms=0 {words}"

    for event in (await client.listen(RESPONSES, asked, model=model)).events:
        openai_schema.check(event.body, openai_schema.event_schema(event.name))
    for event in (await client.listen(CHAT, asked, model=model)).events[:-1]:
        openai_schema.check(event.body, "CreateChatCompletionStreamResponse")
    openai_schema.check(await (await client.ask(RESPONSES, asked, model=model)).json(), "Response")
    chat = await client.ask(CHAT, asked, model=model)
    openai_schema.check(await chat.json(), "CreateChatCompletionResponse")


@pytest.mark.parametrize("model", MODELS)
async def test_a_whole_response_is_the_one_that_the_stream_ends_with(
    client: Client, model: str
) -> None:
    whole = await (await client.ask(RESPONSES, QUICK, model=model)).json()
    streamed = (await client.listen(RESPONSES, QUICK, model=model)).events[-1].body["response"]

    openai_schema.check(whole, "Response")
    assert [_without_id(item) for item in whole["output"]] == [
        _without_id(item) for item in streamed["output"]
    ]


def _without_id(item: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in item.items() if name != "id"}


@pytest.mark.parametrize("wire", [CHAT, RESPONSES], ids=lambda wire: wire.name)
@pytest.mark.parametrize("error", [400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 529])
async def test_every_error_is_an_error_response(
    client: Client, wire: Chat | Responses, error: int
) -> None:
    response = await client.ask(wire, f"sandbox: error={error}")

    assert response.status == error
    openai_schema.check(await response.json(), "ErrorResponse")
    assert response.headers["x-request-id"]


async def test_an_error_in_mid_stream_is_an_event_of_the_description(client: Client) -> None:
    heard = await client.listen(RESPONSES, "sandbox: pace_ms=0 error_after=3", model="thinker")

    for number, event in enumerate(heard.events):
        openai_schema.check(event.body, openai_schema.event_schema(event.name))
        assert event.body["sequence_number"] == number
    assert heard.events[-1].name == "error"


async def test_the_list_of_models_is_as_described(client: Client) -> None:
    listed = await client.get("/v1/models")

    openai_schema.check(listed, "ListModelsResponse")
    assert [model["id"] for model in listed["data"]] == list(MODELS)
    openai_schema.check(await client.get("/v1/models/thinker"), "Model")


def test_the_fields_that_are_known_are_those_of_the_description() -> None:
    chat = openai_schema.request_fields("CreateChatCompletionRequest")
    responses = openai_schema.request_fields("CreateResponse")

    assert known("openai_chat") == chat
    assert known("openai_responses") == responses
