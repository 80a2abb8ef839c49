"""The log of what staff did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that somebody of the staff did. Ids and codes only, never words about a person."""

    actor_id: UUID | None  # None: the operator at the console
    verb: str  # "hold.place"
    object_id: UUID
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An act at its place in the chain."""

    number: int
    at: datetime
    act: Act
    previous_digest: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a walk along the chain found; `broken_at` is the first entry that does not fit."""

    entries: int
    first: int
    head_number: int
    head_digest: str
    broken_at: int | None
