"""What happened to credits that somebody above wants to know."""

from dataclasses import dataclass
from uuid import UUID

from bluegpt.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtEnded(Event):
    """A hold that was in doubt has ended: its call's cost is known now."""

    hold_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CapPassed(Event):
    """What was spent has passed a mark of a spending cap: 50, 80 or 100 percent.

    At 100 the cap is used up, or refused a call that what is left does not cover. `starts_on` is
    the first day of the period this was in, as in 2026-11-01.
    """

    person_id: UUID
    cap_id: UUID
    percent: int
    starts_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAnswered(Event):
    """Somebody has answered what a person wrote about a line of their statement."""

    person_id: UUID
    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LotEndsSoon(Event):
    """A lot with something left ends within the time in which its owner is warned."""

    lot_id: UUID
