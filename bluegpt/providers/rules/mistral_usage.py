"""Mistral's usage: the prompt includes what was cached; reasoning is not told apart."""

from collections.abc import Mapping

from bluegpt.providers.rules.counts import count, details, malformed, required, rest
from bluegpt.providers.types.usage import Usage, UsageSource


def mistral_usage(body: Mapping[str, object], *, source: UsageSource) -> Usage:
    """Usage of a chat chunk, cumulative. Raises MalformedReply.

    Seconds of audio are billed apart, and no meter of ours counts them: such a usage is not
    settled on as if they were free.
    """
    if count(body, "prompt_audio_seconds"):
        raise malformed("usage with seconds of audio")
    cached = count(details(body, "prompt_tokens_details"), "cached_tokens")
    return Usage(
        input_tokens=rest(required(body, "prompt_tokens"), cached),
        cached_input_tokens=cached,
        output_tokens=required(body, "completion_tokens"),
        source=source,
    )
