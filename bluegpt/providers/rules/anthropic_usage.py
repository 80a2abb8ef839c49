"""Anthropic's usage: input excludes cached reads and cache writes, output includes thinking."""

from collections.abc import Iterable, Mapping

from bluegpt.providers.rules.counts import count, details, malformed, required, rest
from bluegpt.providers.types.usage import Usage, UsageSource

# Fetching a page costs its tokens and nothing else.
_FREE_TOOLS = frozenset({"web_fetch_requests"})
_SEARCHES = "web_search_requests"


def messages_usage(body: Mapping[str, object], *, source: UsageSource) -> Usage:
    """Usage of a message. Counts are cumulative: the latest stands. Raises MalformedReply."""
    written = count(body, "cache_creation_input_tokens")
    long = count(details(body, "cache_creation"), "ephemeral_1h_input_tokens")
    output = required(body, "output_tokens")
    thinking = count(details(body, "output_tokens_details"), "thinking_tokens")
    rest(output, thinking)
    tools = details(body, "server_tool_use")
    fees = (count(tools, name) for name in tools if name not in _FREE_TOOLS | {_SEARCHES})
    beside = tuple(_beside(body.get("iterations")))
    return Usage(
        input_tokens=required(body, "input_tokens") + _sum(beside, "input_tokens"),
        cached_input_tokens=count(body, "cache_read_input_tokens")
        + _sum(beside, "cache_read_input_tokens"),
        cache_write_tokens=rest(written, long) + _sum(beside, "cache_creation_input_tokens"),
        cache_write_long_tokens=long,
        output_tokens=output + _sum(beside, "output_tokens"),
        reasoning_tokens=thinking,
        searches=count(tools, _SEARCHES),
        tool_calls=sum(fees),
        source=source,
    )


def _beside(iterations: object) -> Iterable[Mapping[str, object]]:
    """Passes of the model that are billed and not in the totals: compactions of the context."""
    if iterations is None:
        return
    if not isinstance(iterations, list):
        raise malformed("usage with bad iterations")
    for item in iterations:
        if isinstance(item, Mapping) and item.get("type") == "compaction":
            yield item


def _sum(items: Iterable[Mapping[str, object]], name: str) -> int:
    return sum(count(item, name) for item in items)
