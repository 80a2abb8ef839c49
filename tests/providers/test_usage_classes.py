"""What costs something else than text: pictures, audio, tools, searches, compactions.

Usage as the providers' own packages describe it, read into counts that do not overlap.
"""

from typing import Any

import pytest

from bluegpt.providers.errors import MalformedReply
from bluegpt.providers.rules.anthropic_usage import messages_usage
from bluegpt.providers.rules.google_usage import generate_usage
from bluegpt.providers.rules.mistral_usage import mistral_usage
from bluegpt.providers.rules.openai_usage import ToolUse, chat_usage, responses_usage, tool_use_of
from bluegpt.providers.rules.tally import Tally
from bluegpt.providers.types.usage import Usage, UsageSource
from tests.providers.making import request

FINAL = UsageSource.FINAL


def test_chat_completions_count_pictures_and_audio_inside_their_totals() -> None:
    usage = chat_usage(
        {
            "prompt_tokens": 1_000,
            "prompt_tokens_details": {
                "cached_tokens": 300,
                "cache_write_tokens": 100,
                "image_tokens": 200,
                "audio_tokens": 50,
            },
            "completion_tokens": 90,
            "completion_tokens_details": {"reasoning_tokens": 30, "audio_tokens": 40},
        },
        source=FINAL,
    )

    assert usage.context_tokens == 1_000
    assert (usage.input_tokens, usage.image_input_tokens, usage.audio_input_tokens) == (
        350,
        200,
        50,
    )
    assert (usage.cached_input_tokens, usage.cache_write_tokens) == (300, 100)
    assert (usage.output_tokens, usage.text_output_tokens) == (90, 20)


def test_what_the_cache_held_is_not_counted_as_a_picture_again() -> None:
    usage = chat_usage(
        {
            "prompt_tokens": 1_000,
            "prompt_tokens_details": {"cached_tokens": 900, "image_tokens": 400},
            "completion_tokens": 1,
        },
        source=FINAL,
    )

    assert (usage.cached_input_tokens, usage.image_input_tokens, usage.input_tokens) == (
        900,
        100,
        0,
    )


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"type": "web_search_call", "action": {"type": "search"}}, ToolUse(searches=1)),
        ({"type": "web_search_call", "action": {"type": "open_page"}}, ToolUse()),
        ({"type": "web_search_call"}, ToolUse(searches=1)),
        ({"type": "file_search_call"}, ToolUse(tool_calls=1)),
        ({"type": "code_interpreter_call"}, ToolUse(tool_calls=1)),
        ({"type": "function_call"}, ToolUse()),
        ({"type": "message"}, ToolUse()),
    ],
)
def test_an_item_of_the_output_costs_a_fee_or_not(item: dict[str, Any], expected: ToolUse) -> None:
    assert tool_use_of(item) == expected


def test_the_tools_of_a_response_stand_beside_its_tokens() -> None:
    usage = responses_usage(
        {"input_tokens": 10, "output_tokens": 5}, tools=ToolUse(searches=2, tool_calls=1)
    )

    assert (usage.searches, usage.tool_calls, usage.context_tokens) == (2, 1, 10)


def test_anthropic_bills_searches_and_not_fetches_and_never_an_unknown_tool_for_nothing() -> None:
    usage = messages_usage(
        {
            "input_tokens": 10,
            "output_tokens": 5,
            "server_tool_use": {
                "web_search_requests": 2,
                "web_fetch_requests": 9,
                "code_execution_requests": 1,
            },
        },
        source=FINAL,
    )

    assert (usage.searches, usage.tool_calls) == (2, 1)


def test_anthropic_bills_a_compaction_beside_its_totals() -> None:
    usage = messages_usage(
        {
            "input_tokens": 100,
            "output_tokens": 40,
            "iterations": [
                {"type": "compaction", "input_tokens": 5_000, "output_tokens": 300},
                {"type": "message", "input_tokens": 100, "output_tokens": 40},
            ],
        },
        source=FINAL,
    )

    assert (usage.input_tokens, usage.output_tokens) == (5_100, 340)


def test_google_tells_modalities_apart_inside_its_totals() -> None:
    usage = generate_usage(
        {
            "promptTokenCount": 1_000,
            "cachedContentTokenCount": 300,
            "toolUsePromptTokenCount": 100,
            "candidatesTokenCount": 90,
            "thoughtsTokenCount": 10,
            "promptTokensDetails": [
                {"modality": "TEXT", "tokenCount": 400},
                {"modality": "IMAGE", "tokenCount": 258},
                {"modality": "VIDEO", "tokenCount": 142},
                {"modality": "AUDIO", "tokenCount": 200},
            ],
            "cacheTokensDetails": [
                {"modality": "TEXT", "tokenCount": 200},
                {"modality": "AUDIO", "tokenCount": 100},
            ],
            "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 60}],
        },
        source=FINAL,
        searches=1,
    )

    assert usage.context_tokens == 1_100
    assert (usage.image_input_tokens, usage.audio_input_tokens) == (258, 100)
    assert (usage.input_tokens, usage.cached_input_tokens) == (442, 300)
    assert (usage.output_tokens, usage.image_output_tokens) == (100, 60)
    assert (usage.text_output_tokens, usage.searches) == (30, 1)


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (
            chat_usage,
            {
                "prompt_tokens": 5,
                "completion_tokens": 1,
                "prompt_tokens_details": {"audio_tokens": 6},
            },
        ),
        (
            chat_usage,
            {
                "prompt_tokens": 5,
                "completion_tokens": 9,
                "completion_tokens_details": {"reasoning_tokens": 5, "audio_tokens": 5},
            },
        ),
        (
            messages_usage,
            {"input_tokens": 1, "output_tokens": 1, "server_tool_use": {"web_search_requests": -1}},
        ),
        (
            messages_usage,
            {
                "input_tokens": 1,
                "output_tokens": 1,
                "iterations": [{"type": "compaction", "input_tokens": -9}],
            },
        ),
        (
            generate_usage,
            {
                "promptTokenCount": 5,
                "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 9}],
            },
        ),
        (generate_usage, {"promptTokenCount": 5, "promptTokensDetails": {"AUDIO": 9}}),
        (
            mistral_usage,
            {"prompt_tokens": 5, "completion_tokens": 1, "prompt_audio_seconds": 12},
        ),
    ],
)
def test_a_class_of_usage_that_contradicts_itself_or_has_no_meter_is_not_believed(
    read: Any, body: dict[str, Any]
) -> None:
    with pytest.raises(MalformedReply):
        read(body, source=FINAL)


@pytest.mark.parametrize(("searches", "is_believed"), [(0, False), (2, True)])
def test_searches_may_bring_more_to_read_than_was_asked(searches: int, is_believed: bool) -> None:
    tally = Tally(request())

    tally.report(Usage(input_tokens=90_000, output_tokens=50, searches=searches, source=FINAL))

    assert (tally.doubt == "") is is_believed
