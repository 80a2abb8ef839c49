"""What each provider counts, in counts that do not overlap."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from bluegpt.providers.errors import MalformedReply
from bluegpt.providers.rules.anthropic_usage import messages_usage
from bluegpt.providers.rules.google_usage import generate_usage
from bluegpt.providers.rules.mistral_usage import mistral_usage
from bluegpt.providers.rules.openai_usage import chat_usage, responses_usage
from bluegpt.providers.types.usage import Usage, UsageSource

FINAL = UsageSource.FINAL
Read = Callable[[Mapping[str, Any]], Usage]

RESPONSES: Read = responses_usage
CHAT: Read = partial(chat_usage, source=FINAL)
MESSAGES: Read = partial(messages_usage, source=FINAL)
GENERATE: Read = partial(generate_usage, source=FINAL)
MISTRAL: Read = partial(mistral_usage, source=FINAL)


def test_openai_counts_cache_inside_input_and_reasoning_inside_output() -> None:
    usage = responses_usage(
        {
            "input_tokens": 1_000,
            "input_tokens_details": {
                "cached_tokens": 300,
                "cache_write_tokens": 200,
                "cache_write_tokens_details": {"ttl_30m_tokens": 150, "ttl_12h_tokens": 50},
            },
            "output_tokens": 80,
            "output_tokens_details": {"reasoning_tokens": 30},
        }
    )

    assert usage == Usage(
        input_tokens=500,
        cached_input_tokens=300,
        cache_write_tokens=150,
        cache_write_long_tokens=50,
        output_tokens=80,
        reasoning_tokens=30,
        source=FINAL,
    )
    assert usage.context_tokens == 1_000


def test_anthropic_counts_cache_outside_input() -> None:
    usage = messages_usage(
        {
            "input_tokens": 10,
            "cache_read_input_tokens": 300,
            "cache_creation_input_tokens": 200,
            "cache_creation": {"ephemeral_5m_input_tokens": 150, "ephemeral_1h_input_tokens": 50},
            "output_tokens": 80,
            "output_tokens_details": {"thinking_tokens": 30},
        },
        source=FINAL,
    )

    assert (usage.input_tokens, usage.cached_input_tokens) == (10, 300)
    assert (usage.cache_write_tokens, usage.cache_write_long_tokens) == (150, 50)
    assert (usage.output_tokens, usage.reasoning_tokens) == (80, 30)


def test_google_counts_thoughts_outside_the_candidates() -> None:
    usage = generate_usage(
        {
            "promptTokenCount": 100,
            "cachedContentTokenCount": 40,
            "candidatesTokenCount": 50,
            "thoughtsTokenCount": 30,
            "totalTokenCount": 180,
        },
        source=FINAL,
    )

    assert (usage.input_tokens, usage.cached_input_tokens) == (60, 40)
    assert (usage.output_tokens, usage.reasoning_tokens) == (80, 30)


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (RESPONSES, {"input_tokens": 5}),
        (RESPONSES, {"input_tokens": -5, "output_tokens": 1}),
        (RESPONSES, {"input_tokens": 5.5, "output_tokens": 1}),
        (RESPONSES, {"input_tokens": "5", "output_tokens": 1}),
        (RESPONSES, {"input_tokens": True, "output_tokens": 1}),
        (
            RESPONSES,
            {"input_tokens": 5, "output_tokens": 1, "input_tokens_details": {"cached_tokens": 6}},
        ),
        (RESPONSES, {"input_tokens": 5, "output_tokens": 1, "output_tokens_details": [3]}),
        (
            CHAT,
            {
                "prompt_tokens": 5,
                "completion_tokens": 1,
                "completion_tokens_details": {"reasoning_tokens": 2},
            },
        ),
        (CHAT, {"prompt_tokens": 5, "completion_tokens": None}),
        (MESSAGES, {"output_tokens": 3}),
        (MESSAGES, {"input_tokens": 3, "output_tokens": 3, "cache_read_input_tokens": -1}),
        (GENERATE, {"candidatesTokenCount": 3}),
        (GENERATE, {"promptTokenCount": 3, "cachedContentTokenCount": 4}),
        (MISTRAL, {"prompt_tokens": 3}),
    ],
)
def test_a_count_that_contradicts_itself_is_malformed(read: Read, body: Mapping[str, Any]) -> None:
    with pytest.raises(MalformedReply):
        read(body)
