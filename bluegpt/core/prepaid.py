"""What somebody has of value in an account, for whoever writes to them about its end.

A product registers a function that looks it up. Nothing here moves or takes anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Unspent:
    """Microcredits that can still be used, and those among them that were paid for."""

    all_microcredits: int
    paid_microcredits: int


Count = Callable[[UUID], Unspent]

_counts: list[Count] = []


def counts(function: Count) -> Count:
    """Register a function that counts what somebody has not spent."""
    _counts.append(function)
    return function


def unspent(person_id: UUID) -> Unspent:
    """What is left of everything together."""
    found = [count(person_id) for count in _counts]
    return Unspent(
        all_microcredits=sum(each.all_microcredits for each in found),
        paid_microcredits=sum(each.paid_microcredits for each in found),
    )
