"""The service changing hands: what the policy promises for that day, and how far one has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessionRule:
    """The chapter: how long people have before anything is handed over, and what may be."""

    notice: Duration  # from the day on which somebody is told to the day of the handing over
    objection: Duration  # how long they may object; never longer than the notice
    classes: tuple[DataClass, ...]
    what: Text
    freeze: Text
    source: str


class SuccessionState(StrEnum):
    """How far a change of hands has come."""

    DECLARED = "declared"
    APPROVED_ONCE = "approved_once"
    NOTICE = "notice"  # people are told, and may leave
    OPEN = "open"  # the notice is over: the bundle may be built, and what is new is refused
    CONCLUDED = "concluded"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """Who takes over, and what changes for people, in words that they will read."""

    acquirer: str
    country: str  # ISO 3166-1 alpha-2
    contact: str
    changes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """People, by what became of their notice."""

    told: int
    objected: int
    undelivered: int  # open accounts that were to be told and have not been
    handed_over: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleLine:
    """One bundle of the register."""

    built_at: datetime
    people: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessionView:
    """A change of hands as staff see it."""

    id: UUID
    declared: Declared
    declared_by: UUID
    declared_at: datetime
    first_approver: UUID | None
    second_approver: UUID | None
    bundle_from: datetime | None  # None until two people have agreed
    state: SuccessionState
    counts: Counts
    bundles: tuple[BundleLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSuccession:
    """A change of hands as one person sees it."""

    id: UUID
    declared: Declared
    state: SuccessionState
    from_at: datetime  # the first instant at which this person's data may be handed over
    objected_at: datetime | None
    handed_over_at: datetime | None
