"""OpenAI's usage, as Responses and as Chat Completions write it.

Both count cached reads and cache writes inside the input, and reasoning inside the output.
"""

from collections.abc import Mapping

from bluegpt.providers.rules.counts import count, details, required, rest
from bluegpt.providers.types import Usage, UsageSource


def responses_usage(body: Mapping[str, object]) -> Usage:
    """Usage of a Responses object. Raises MalformedReply."""
    return _usage(
        total_input=required(body, "input_tokens"),
        input_details=details(body, "input_tokens_details"),
        total_output=required(body, "output_tokens"),
        output_details=details(body, "output_tokens_details"),
        source=UsageSource.FINAL,
    )


def chat_usage(body: Mapping[str, object], *, source: UsageSource) -> Usage:
    """Usage of a chat completion chunk. Raises MalformedReply."""
    return _usage(
        total_input=required(body, "prompt_tokens"),
        input_details=details(body, "prompt_tokens_details"),
        total_output=required(body, "completion_tokens"),
        output_details=details(body, "completion_tokens_details"),
        source=source,
    )


def _usage(
    *,
    total_input: int,
    input_details: Mapping[str, object],
    total_output: int,
    output_details: Mapping[str, object],
    source: UsageSource,
) -> Usage:
    cached = count(input_details, "cached_tokens")
    written = count(input_details, "cache_write_tokens")
    long = count(details(input_details, "cache_write_tokens_details"), "ttl_12h_tokens")
    reasoning = count(output_details, "reasoning_tokens")
    rest(total_output, reasoning)
    return Usage(
        input_tokens=rest(total_input, cached, written),
        cached_input_tokens=cached,
        cache_write_tokens=rest(written, long),
        cache_write_long_tokens=long,
        output_tokens=total_output,
        reasoning_tokens=reasoning,
        source=source,
    )
