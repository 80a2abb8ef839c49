"""Second witness: the four official SDKs drive the sandbox, retries off."""

from collections.abc import AsyncIterator
from typing import Any

import anthropic
import openai
import pytest
from anthropic import AsyncAnthropic
from google import genai
from google.genai import errors as google_errors
from google.genai import types as google_types
from mistralai.client import Mistral
from mistralai.client.errors import SDKError
from mistralai.client.models import UserMessage
from openai import AsyncOpenAI

# Google's SDK subclasses a session of aiohttp, which aiohttp discourages.
pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession")

QUICK = "What is a sandbox?\nsandbox: pace_ms=0"
OPENING = "## Hello from the sandbox"


@pytest.fixture
async def by_openai(url: str) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=f"{url}/v1", api_key="any", max_retries=0) as sdk:
        yield sdk


@pytest.fixture
async def by_anthropic(url: str) -> AsyncIterator[AsyncAnthropic]:
    async with AsyncAnthropic(base_url=url, api_key="any", max_retries=0) as sdk:
        yield sdk


@pytest.fixture
async def by_mistral(url: str) -> AsyncIterator[Mistral]:
    async with Mistral(server_url=url, api_key="any") as sdk:
        yield sdk


@pytest.fixture
async def by_google(url: str) -> AsyncIterator[Any]:
    options = google_types.HttpOptions(base_url=url)
    async with genai.Client(api_key="any", http_options=options).aio as sdk:
        yield sdk


async def test_openai_reads_a_chat_stream(by_openai: AsyncOpenAI) -> None:
    stream = await by_openai.chat.completions.create(
        model="writer",
        messages=[{"role": "user", "content": QUICK}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]

    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said.startswith(OPENING)
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens > 100


async def test_openai_reads_a_whole_chat_answer(by_openai: AsyncOpenAI) -> None:
    answer = await by_openai.chat.completions.create(
        model="thinker",
        messages=[{"role": "user", "content": QUICK}],
        max_completion_tokens=100,
    )

    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 100
    assert answer.usage.completion_tokens_details is not None
    assert answer.usage.completion_tokens_details.reasoning_tokens


async def test_openai_reads_a_responses_stream(by_openai: AsyncOpenAI) -> None:
    async with by_openai.responses.stream(
        model="thinker", input=QUICK, reasoning={"summary": "auto"}, store=False
    ) as stream:
        kinds = [event.type async for event in stream]
        final = await stream.get_final_response()

    assert kinds[0] == "response.created"
    assert "response.reasoning_summary_text.delta" in kinds
    assert final.status == "completed"
    assert final.output_text.startswith(OPENING)
    assert final.usage is not None
    assert final.usage.total_tokens == final.usage.input_tokens + final.usage.output_tokens


async def test_openai_reads_a_whole_response(by_openai: AsyncOpenAI) -> None:
    response = await by_openai.responses.create(model="writer", input=QUICK, max_output_tokens=20)

    assert response.status == "incomplete"
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == "max_output_tokens"
    assert response.usage is not None
    assert response.usage.output_tokens == 20


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (422, openai.UnprocessableEntityError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (529, openai.InternalServerError),
    ],
)
async def test_openai_knows_the_errors(
    by_openai: AsyncOpenAI, error: int, kind: type[openai.APIStatusError]
) -> None:
    with pytest.raises(kind) as caught:
        await by_openai.responses.create(model="writer", input=f"sandbox: error={error}")

    assert caught.value.status_code == error
    assert str(caught.value.request_id).startswith("req_")


async def test_openai_raises_an_error_of_mid_stream(by_openai: AsyncOpenAI) -> None:
    stream = await by_openai.chat.completions.create(
        model="writer",
        messages=[{"role": "user", "content": "sandbox: pace_ms=0 error_after=3"}],
        stream=True,
    )

    with pytest.raises(openai.APIError, match="had an error"):
        [chunk async for chunk in stream]


async def test_openai_lists_the_models(by_openai: AsyncOpenAI) -> None:
    names = [model.id async for model in await by_openai.models.list()]

    assert names == ["writer", "thinker", "scholar"]


async def test_anthropic_reads_a_stream(by_anthropic: AsyncAnthropic) -> None:
    async with by_anthropic.messages.stream(
        model="scholar", max_tokens=4_000, messages=[{"role": "user", "content": QUICK}]
    ) as stream:
        said = "".join([text async for text in stream.text_stream])
        final = await stream.get_final_message()

    thought, text = final.content
    assert thought.type == "thinking"
    assert text.type == "text"
    assert said == text.text
    assert said.startswith(OPENING)
    assert final.stop_reason == "end_turn"
    assert final.usage.output_tokens > 100


async def test_anthropic_reads_a_whole_message(by_anthropic: AsyncAnthropic) -> None:
    message = await by_anthropic.messages.create(
        model="writer", max_tokens=12, messages=[{"role": "user", "content": QUICK}]
    )

    assert message.stop_reason == "max_tokens"
    assert message.usage.output_tokens == 12


async def test_anthropic_counts_tokens(by_anthropic: AsyncAnthropic) -> None:
    counted = await by_anthropic.messages.count_tokens(
        model="writer", messages=[{"role": "user", "content": "One two three four."}]
    )

    assert 4 <= counted.input_tokens <= 12


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (400, anthropic.BadRequestError),
        (401, anthropic.AuthenticationError),
        (403, anthropic.PermissionDeniedError),
        (404, anthropic.NotFoundError),
        (429, anthropic.RateLimitError),
        (500, anthropic.InternalServerError),
        (529, anthropic.APIStatusError),
    ],
)
async def test_anthropic_knows_the_errors(
    by_anthropic: AsyncAnthropic, error: int, kind: type[anthropic.APIStatusError]
) -> None:
    asked = f"sandbox: error={error}"

    with pytest.raises(kind) as caught:
        await by_anthropic.messages.create(
            model="writer", max_tokens=9, messages=[{"role": "user", "content": asked}]
        )

    assert caught.value.status_code == error
    assert str(caught.value.request_id).startswith("req_")


async def test_anthropic_raises_an_error_of_mid_stream(by_anthropic: AsyncAnthropic) -> None:
    asked = "sandbox: pace_ms=0 error_after=3"

    async with by_anthropic.messages.stream(
        model="writer", max_tokens=900, messages=[{"role": "user", "content": asked}]
    ) as stream:
        with pytest.raises(anthropic.APIStatusError, match="Overloaded"):
            await stream.get_final_message()


async def test_anthropic_lists_the_models(by_anthropic: AsyncAnthropic) -> None:
    names = [model.display_name async for model in by_anthropic.models.list()]

    assert names == ["Sandbox Writer", "Sandbox Thinker", "Sandbox Scholar"]


async def test_mistral_reads_a_stream(by_mistral: Mistral) -> None:
    stream = await by_mistral.chat.stream_async(
        model="writer", messages=[UserMessage(content=QUICK)], safe_prompt=False
    )
    choices = [event.data.choices[0] async for event in stream]

    assert "".join(str(choice.delta.content or "") for choice in choices).startswith(OPENING)
    assert choices[-1].finish_reason == "stop"


async def test_mistral_reads_a_whole_answer(by_mistral: Mistral) -> None:
    answer = await by_mistral.chat.complete_async(
        model="writer", messages=[UserMessage(content=QUICK)], max_tokens=15
    )

    assert answer.choices[0].finish_reason == "length"
    assert answer.usage.completion_tokens == 15


async def test_mistral_knows_the_errors(by_mistral: Mistral) -> None:
    with pytest.raises(SDKError) as caught:
        await by_mistral.chat.complete_async(
            model="writer", messages=[UserMessage(content="sandbox: error=401")]
        )

    assert caught.value.status_code == 401


async def test_google_reads_a_stream(by_google: Any) -> None:
    config = google_types.GenerateContentConfig(
        thinking_config=google_types.ThinkingConfig(include_thoughts=True)
    )
    stream = await by_google.models.generate_content_stream(
        model="scholar", contents=QUICK, config=config
    )
    chunks = [chunk async for chunk in stream]

    thoughts = [chunk for chunk in chunks if chunk.parts and chunk.parts[0].thought]
    assert "".join(chunk.text or "" for chunk in chunks).startswith(OPENING)
    assert len(thoughts) == chunks[-1].usage_metadata.thoughts_token_count
    assert chunks[-1].candidates[0].finish_reason == google_types.FinishReason.STOP
    assert chunks[-1].usage_metadata.candidates_token_count > 100


async def test_google_reads_a_whole_answer(by_google: Any) -> None:
    answer = await by_google.models.generate_content(
        model="writer",
        contents=QUICK,
        config=google_types.GenerateContentConfig(max_output_tokens=11),
    )

    assert answer.candidates[0].finish_reason == google_types.FinishReason.MAX_TOKENS
    assert answer.usage_metadata.candidates_token_count == 11


@pytest.mark.parametrize("error", [400, 429, 500])
async def test_google_knows_the_errors(by_google: Any, error: int) -> None:
    with pytest.raises(google_errors.APIError) as caught:
        await by_google.models.generate_content(model="writer", contents=f"sandbox: error={error}")

    assert caught.value.code == error


async def test_google_lists_the_models(by_google: Any) -> None:
    names = [model.name async for model in await by_google.models.list()]

    assert names == ["models/writer", "models/thinker", "models/scholar"]
