"""Anthropic's usage: input excludes cached reads and cache writes, output includes thinking."""

from collections.abc import Mapping

from bluegpt.providers.rules.counts import count, details, required, rest
from bluegpt.providers.types import Usage, UsageSource


def messages_usage(body: Mapping[str, object], *, source: UsageSource) -> Usage:
    """Usage of a message. Counts are cumulative: the latest stands. Raises MalformedReply."""
    written = count(body, "cache_creation_input_tokens")
    long = count(details(body, "cache_creation"), "ephemeral_1h_input_tokens")
    output = required(body, "output_tokens")
    thinking = count(details(body, "output_tokens_details"), "thinking_tokens")
    rest(output, thinking)
    return Usage(
        input_tokens=required(body, "input_tokens"),
        cached_input_tokens=count(body, "cache_read_input_tokens"),
        cache_write_tokens=rest(written, long),
        cache_write_long_tokens=long,
        output_tokens=output,
        reasoning_tokens=thinking,
        source=source,
    )
