"""Breaches and their two clocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bluegpt.core.personal_data import DataClass


class Nature(StrEnum):
    """What was broken. Source: GDPR, Art. 4(12); EDPB guidelines 9/2022."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


class Risk(StrEnum):
    """To the rights and freedoms of the people concerned. Source: GDPR, Art. 33 and 34."""

    UNLIKELY = "unlikely"  # the register is enough
    LIKELY = "likely"  # the authority is told
    HIGH = "high"  # and so are the people


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a breach so far; told to the authority in phases as more is known."""

    title: str
    natures: tuple[Nature, ...]
    data_classes: tuple[DataClass, ...]
    recipient: str  # a key of the manifest; empty when it happened here
    started_at: datetime
    ended_at: datetime | None
    aware_at: datetime
    people_about: int
    records_about: int
    consequences: str
    measures: str
    risk: Risk


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """By when somebody has to be told. `due_at` None: nobody has to be."""

    due_at: datetime | None
    done_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A change of what was entered: by column what it said, and what it says since."""

    at: datetime
    by: UUID | None
    reason: str
    changes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachView:
    """A breach of the register."""

    id: UUID
    facts: Facts
    recorded_at: datetime
    authority: Clock
    people: Clock
    filing_reference: str
    filing_is_complete: bool
    closed_at: datetime | None
    evidence: str
