"""What a company holds for a person by a name that we know, until we ask it to delete that.

A product registers a function that asks; it is called before the person's keys end, because the
names are sealed with them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How many things were deleted at our request, and how many could not be.

    `waiting` are those whose company did not answer: the function is called again.
    """

    done: int = 0
    could_not: int = 0
    waiting: int = 0

    def __add__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(
            done=self.done + other.done,
            could_not=self.could_not + other.could_not,
            waiting=self.waiting + other.waiting,
        )


Forget = Callable[[UUID], Forgotten]

_forgets: list[Forget] = []


def forgets(function: Forget) -> Forget:
    """Register a function; what it has asked for once, it does not count again."""
    _forgets.append(function)
    return function


def ask_to_forget(person_id: UUID) -> Forgotten:
    """Have everything deleted that is held elsewhere for a person."""
    return sum((forget(person_id) for forget in _forgets), Forgotten())
