"""Our ledger beside a provider's report."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A kind of use in which our count and a provider's report differ beyond the tolerance.

    Positive when we counted more. Explained when calls whose count or day is not certain reach
    that far.
    """

    kind: str
    ours: int
    theirs: int
    is_explained: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDay:
    """One model on one UTC day, beside the provider's report.

    `given_back_microcredits` is what has come back to customers because of it, in all runs.
    """

    model: str
    calls: int
    gaps: tuple[Gap, ...]
    given_back_microcredits: int
    case_id: UUID | None

    @property
    def is_explained(self) -> bool:
        return all(gap.is_explained for gap in self.gaps)
