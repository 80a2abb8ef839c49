"""Google's usage: the prompt includes what was cached, the candidates exclude thoughts.

Pictures, audio and video are told apart by modality, inside the totals. Video and documents cost
what text costs; pictures and audio have meters of their own.
"""

from collections.abc import Iterable, Mapping

from bluegpt.providers.rules.counts import count, malformed, required, rest
from bluegpt.providers.types.usage import Usage, UsageSource


def generate_usage(body: Mapping[str, object], *, source: UsageSource, searches: int = 0) -> Usage:
    """Usage of a chunk, cumulative; `searches` is what its grounding tells. MalformedReply."""
    cached = count(body, "cachedContentTokenCount")
    thoughts = count(body, "thoughtsTokenCount")
    prompt = required(body, "promptTokenCount") + count(body, "toolUsePromptTokenCount")
    said = count(body, "candidatesTokenCount")
    image, audio = (
        _of(body, ("promptTokensDetails", "toolUsePromptTokensDetails"), modality)
        for modality in ("IMAGE", "AUDIO")
    )
    rest(prompt, image, audio)
    fresh = rest(prompt, cached)
    audio = min(rest(audio, _of(body, ("cacheTokensDetails",), "AUDIO")), fresh)
    image = min(rest(image, _of(body, ("cacheTokensDetails",), "IMAGE")), fresh - audio)
    drawn = _of(body, ("candidatesTokensDetails",), "IMAGE")
    spoken = _of(body, ("candidatesTokensDetails",), "AUDIO")
    rest(said, drawn, spoken)
    return Usage(
        input_tokens=fresh - image - audio,
        cached_input_tokens=cached,
        image_input_tokens=image,
        audio_input_tokens=audio,
        output_tokens=said + thoughts,
        reasoning_tokens=thoughts,
        image_output_tokens=drawn,
        audio_output_tokens=spoken,
        searches=searches,
        source=source,
    )


def interactions_usage(body: Mapping[str, object]) -> Usage:
    """Usage of an interaction that has ended; tokens of tools count as read. MalformedReply."""
    cached = count(body, "total_cached_tokens")
    thoughts = count(body, "total_thought_tokens")
    read = required(body, "total_input_tokens") + count(body, "total_tool_use_tokens")
    said = required(body, "total_output_tokens")
    filmed, spoken = (
        _by_modality(body, "output_tokens_by_modality", modality) for modality in ("video", "audio")
    )
    rest(said, filmed, spoken)
    return Usage(
        input_tokens=rest(read, cached),
        cached_input_tokens=cached,
        output_tokens=said + thoughts,
        reasoning_tokens=thoughts,
        # Sound that comes with a film is billed as a part of it.
        video_output_tokens=filmed + spoken,
        source=UsageSource.FINAL,
    )


def _by_modality(body: Mapping[str, object], name: str, modality: str) -> int:
    items = body.get(name)
    if items is None:
        return 0
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise malformed(f"usage with a bad {name}")
    return sum(count(item, "tokens") for item in items if item.get("modality") == modality)


def _of(body: Mapping[str, object], names: Iterable[str], modality: str) -> int:
    """Tokens of one modality in lists of counts by modality."""
    total = 0
    for name in names:
        items = body.get(name)
        if items is None:
            continue
        if not isinstance(items, list):
            raise malformed(f"usage with a bad {name}")
        for item in items:
            if not isinstance(item, Mapping):
                raise malformed(f"usage with a bad {name}")
            if item.get("modality") == modality:
                total += count(item, "tokenCount")
    return total
