"""OpenAI's usage, as Responses and as Chat Completions write it.

Both count cached reads and cache writes inside the input, and reasoning inside the output.
Pictures and audio are told apart by Chat Completions only; there they lie inside the totals too,
cached or not, so that they are at most what the cache leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bluegpt.providers.rules.counts import count, details, required, rest
from bluegpt.providers.types.usage import Usage, UsageSource


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """What the answer's output shows of tools that are billed apart: no usage counts them."""

    searches: int = 0
    tool_calls: int = 0


# Items of a Responses output that cost a fee, beside tokens. A function's call is ours to run.
_FEE_ITEMS = frozenset(
    {"file_search_call", "code_interpreter_call", "image_generation_call", "shell_call"}
)


def tool_use_of(item: Mapping[str, object]) -> ToolUse:
    """What one finished item of the output adds. A page that is opened is no search."""
    kind = item.get("type")
    if kind == "web_search_call":
        action = item.get("action")
        is_search = not isinstance(action, Mapping) or action.get("type", "search") == "search"
        return ToolUse(searches=int(is_search))
    return ToolUse(tool_calls=int(kind in _FEE_ITEMS))


def responses_usage(body: Mapping[str, object], *, tools: ToolUse | None = None) -> Usage:
    """Usage of a Responses object, and of the tools that it ran. Raises MalformedReply."""
    ran = tools or ToolUse()
    return _usage(
        _Totals(
            input=required(body, "input_tokens"),
            input_details=details(body, "input_tokens_details"),
            output=required(body, "output_tokens"),
            output_details=details(body, "output_tokens_details"),
        ),
        source=UsageSource.FINAL,
        tools=ran,
    )


def chat_usage(body: Mapping[str, object], *, source: UsageSource) -> Usage:
    """Usage of a chat completion chunk. Raises MalformedReply."""
    return _usage(
        _Totals(
            input=required(body, "prompt_tokens"),
            input_details=details(body, "prompt_tokens_details"),
            output=required(body, "completion_tokens"),
            output_details=details(body, "completion_tokens_details"),
        ),
        source=source,
        tools=ToolUse(),
    )


def images_usage(body: Mapping[str, object]) -> Usage:
    """Usage of an Images reply. Without details all output was drawn. Raises MalformedReply."""
    given = details(body, "input_tokens_details")
    made = details(body, "output_tokens_details")
    input_tokens, output_tokens = required(body, "input_tokens"), required(body, "output_tokens")
    image = count(given, "image_tokens")
    cached = count(given, "cached_tokens")
    written = count(made, "text_tokens")
    if made:
        rest(output_tokens, written, count(made, "image_tokens"))
    return Usage(
        input_tokens=rest(input_tokens, image, cached),
        cached_input_tokens=cached,
        image_input_tokens=image,
        output_tokens=output_tokens,
        image_output_tokens=rest(output_tokens, written),
        source=UsageSource.FINAL,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Totals:
    input: int
    input_details: Mapping[str, object]
    output: int
    output_details: Mapping[str, object]


def _usage(totals: _Totals, *, source: UsageSource, tools: ToolUse) -> Usage:
    cached = count(totals.input_details, "cached_tokens")
    written = count(totals.input_details, "cache_write_tokens")
    long = count(details(totals.input_details, "cache_write_tokens_details"), "ttl_12h_tokens")
    image = count(totals.input_details, "image_tokens")
    audio = count(totals.input_details, "audio_tokens")
    rest(totals.input, image, audio)
    fresh = rest(totals.input, cached, written)
    # Which of them the cache held is not told: text comes first there, as it does in a prompt.
    audio = min(audio, fresh)
    image = min(image, fresh - audio)
    reasoning = count(totals.output_details, "reasoning_tokens")
    spoken = count(totals.output_details, "audio_tokens")
    drawn = count(totals.output_details, "image_tokens")
    rest(totals.output, reasoning, spoken, drawn)
    return Usage(
        input_tokens=fresh - audio - image,
        cached_input_tokens=cached,
        cache_write_tokens=rest(written, long),
        cache_write_long_tokens=long,
        image_input_tokens=image,
        audio_input_tokens=audio,
        output_tokens=totals.output,
        reasoning_tokens=reasoning,
        image_output_tokens=drawn,
        audio_output_tokens=spoken,
        searches=tools.searches,
        tool_calls=tools.tool_calls,
        source=source,
    )
