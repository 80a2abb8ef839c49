"""The impact assessment: what is feared, what remains of it, and what is planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bluegpt.privacy.types.texts import Text


class FearedEvent(StrEnum):
    """What may happen to data. Source: CNIL, PIA method."""

    ACCESS = "access"
    CHANGE = "change"
    LOSS = "loss"


class Level(StrEnum):
    """Of severity and of likelihood, the least first. Source: CNIL, PIA method."""

    NEGLIGIBLE = "negligible"
    LIMITED = "limited"
    SIGNIFICANT = "significant"
    MAXIMUM = "maximum"

    @property
    def is_high(self) -> bool:
        return self in {Level.SIGNIFICANT, Level.MAXIMUM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One feared event, with what remains of it while the measures are in place."""

    key: str
    name: Text
    sources: Text
    impacts: Text
    severity: Level
    likelihood: Level
    measures: tuple[str, ...]  # keys of the chapter `measures`

    @property
    def is_high(self) -> bool:
        return self.severity.is_high and self.likelihood.is_high


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something still to be done, by whom and by when."""

    key: str
    what: Text
    owner: str  # a role of the chapter `staff`
    by: date | None  # None is refused by the linter


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """When it was made, by when somebody looks again, and what it found."""

    assessed_on: date | None  # None is refused by the linter
    review_by: date | None  # None is refused by the linter
    owner: str  # a role of the chapter `staff`
    method: str
    consulted_on: date | None  # the authority, when a high risk remains
    risks: Mapping[str, Risk]
    plan: Mapping[str, Action]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentText:
    """The assessment written out, and the SHA-256 of its text."""

    text: str
    sha256: str
