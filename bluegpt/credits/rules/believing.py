"""Whether a reported usage can be believed."""

from enum import StrEnum

# A worst case is computed from upper bounds; twice that is no rounding and no odd tokenizer.
_TIMES_WORST_MAX = 2
# Below this a factor says little: a hold of a few microcredits is exceeded by a few tokens.
_ALWAYS_BELIEVED_MICROCREDITS = 10_000


class Doubt(StrEnum):
    """Why a usage is not charged before somebody has looked."""

    NEGATIVE = "negative"
    ABSURD = "absurd"  # beyond twice the worst case
    DOUBTFUL = "doubtful"  # the adapter could not believe it; the count is ours
    MISSING = "missing"  # the provider always tells, and did not; the count is ours
    NO_PRICE = "no_price"
    UNKNOWN = "unknown"  # nobody knows how the call ended

    @property
    def has_own_count(self) -> bool:
        """Whether the quantities kept with the doubt were counted here."""
        return self in (Doubt.DOUBTFUL, Doubt.MISSING)


def doubt_of(*, due_microcredits: int, worst_microcredits: int, usage_source: str) -> Doubt | None:
    """The reason not to believe a usage, None when it may be charged."""
    if usage_source in (Doubt.DOUBTFUL, Doubt.MISSING):
        return Doubt(usage_source)
    if due_microcredits > _TIMES_WORST_MAX * worst_microcredits + _ALWAYS_BELIEVED_MICROCREDITS:
        return Doubt.ABSURD
    return None
