"""Google's usage: the prompt includes what was cached, the candidates exclude thoughts."""

from collections.abc import Mapping

from bluegpt.providers.rules.counts import count, required, rest
from bluegpt.providers.types import Usage, UsageSource


def generate_usage(body: Mapping[str, object], *, source: UsageSource) -> Usage:
    """Usage of a chunk, cumulative. Raises MalformedReply."""
    cached = count(body, "cachedContentTokenCount")
    thoughts = count(body, "thoughtsTokenCount")
    prompt = required(body, "promptTokenCount") + count(body, "toolUsePromptTokenCount")
    return Usage(
        input_tokens=rest(prompt, cached),
        cached_input_tokens=cached,
        output_tokens=count(body, "candidatesTokenCount") + thoughts,
        reasoning_tokens=thoughts,
        source=source,
    )
