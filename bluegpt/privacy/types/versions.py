"""Versions of the policy, and what lies between two of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Effect(IntEnum):
    """What a change of the policy asks of us, the gentlest first."""

    EDITORIAL = 0  # it just appears
    NOTIFY = 1  # people are told
    ASK_AGAIN = 2  # people are asked again


class Kind(StrEnum):
    """How a line differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the manifest that differs. `path` is its place: `recipients.openai.country`."""

    path: str
    kind: Kind
    before: str
    after: str
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the policy. `effect` is that of all it changed since the one before."""

    digest: str
    effective_at: datetime
    effect: Effect
