"""What one call used, and how well that is known."""

from dataclasses import dataclass, fields
from enum import StrEnum

# A provider's number beyond this says that it is absurd, and not by how much.
REPORTED_MAX = 10**15


class UsageSource(StrEnum):
    """How well a count is known."""

    ESTIMATED = "estimated"  # counted here from the text
    PARTIAL = "partial"  # the provider's count so far
    FINAL = "final"  # the provider's last word
    DOUBTFUL = "doubtful"  # the provider's last word, and it cannot be true
    MISSING = "missing"  # a whole answer without the count that this provider always gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one call used. Never negative.

    The counts of input do not overlap: `input_tokens` is text, and whatever costs the same, that
    was neither read from a cache nor written to one. `output_tokens` is all output; reasoning,
    image, audio and video are the parts of it that may cost something else, and do not overlap.
    `searches` and `tool_calls` are those that the provider bills beside the tokens, `pictures`
    and `video_seconds` those that it bills by the piece and not by their tokens.

    `reported` is what the provider said, name by name, where it cannot be believed (`DOUBTFUL`):
    the counts are then our own estimate. Its numbers lie within ±REPORTED_MAX.
    """

    input_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0
    cache_write_long_tokens: int = 0
    image_input_tokens: int = 0
    audio_input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    image_output_tokens: int = 0
    audio_output_tokens: int = 0
    video_output_tokens: int = 0
    searches: int = 0
    tool_calls: int = 0
    pictures: int = 0
    video_seconds: int = 0
    source: UsageSource = UsageSource.ESTIMATED
    reported: tuple[tuple[str, int], ...] = ()

    @property
    def context_tokens(self) -> int:
        """All input, cached or not: what picks the price tier."""
        return (
            self.input_tokens
            + self.cached_input_tokens
            + self.cache_write_tokens
            + self.cache_write_long_tokens
            + self.image_input_tokens
            + self.audio_input_tokens
        )

    @property
    def text_output_tokens(self) -> int:
        """Output that is neither reasoning nor image nor audio."""
        parts = sum(
            (
                self.reasoning_tokens,
                self.image_output_tokens,
                self.audio_output_tokens,
                self.video_output_tokens,
            )
        )
        return self.output_tokens - parts


# The names of all counts of a usage, for those who keep or add them up.
USAGE_COUNTS = tuple(one.name for one in fields(Usage) if one.name not in {"source", "reported"})
