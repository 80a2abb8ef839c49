"""What a policy is laid out in: sections of entries, each with its facts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of an entry. `url` is set when the value leads elsewhere."""

    name: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One purpose, one recipient, one term …"""

    name: str
    text: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the policy, folded until somebody opens it."""

    id: str
    title: str
    intro: str
    entries: tuple[Entry, ...]
