"""What may happen to a request, by where it stands."""

from datetime import date

from bluegpt.privacy.errors.requests import (
    ExtensionRefused,
    NotIdentified,
    UnknownGround,
    WordsMissing,
    WordsTooLong,
    WrongState,
)
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.requests import State
from bluegpt.privacy.types.rights import RightFacts

WORDS_CHARS_MAX = 4_000
EXTENSION_MONTHS_MAX = 2
ALERTS_PERCENT = (50, 80, 100)

OPEN = frozenset({State.RECEIVED, State.IDENTIFIED, State.COLLECTING, State.REVIEWING})
DECIDED = frozenset({State.DELIVERED, State.PARTLY_REFUSED, State.REFUSED, State.WITHDRAWN})
_NEXT = {
    State.IDENTIFIED: frozenset({State.RECEIVED}),
    State.COLLECTING: frozenset({State.IDENTIFIED}),
    State.REVIEWING: frozenset({State.IDENTIFIED, State.COLLECTING}),
    State.DELIVERED: OPEN,
    State.PARTLY_REFUSED: OPEN,
    State.REFUSED: OPEN,
    State.WITHDRAWN: OPEN,
    State.CLOSED: DECIDED,
}
# They hand something out, so they need to know to whom.
_NEEDS_IDENTITY = frozenset({State.DELIVERED, State.PARTLY_REFUSED})


def check_move(state: State, to: State) -> None:
    """Whether a request may go from one state to another. Raises WrongState, NotIdentified."""
    if state not in _NEXT[to]:
        raise WrongState
    if state is State.RECEIVED and to in _NEEDS_IDENTITY:
        raise NotIdentified


def check_open(state: State) -> None:
    """Whether an answer is still owed. Raises WrongState."""
    if state not in OPEN:
        raise WrongState


def check_ground(facts: RightFacts, code: str) -> None:
    """Whether this right may be refused on this ground. Raises UnknownGround."""
    if code not in facts.refusals:
        raise UnknownGround


def check_extension(
    *, by: Duration, allowed: Duration, is_extended: bool, due_on: date, today: date
) -> None:
    """Whether a term may be extended today, by that much. Raises ExtensionRefused.

    Once, in whole months, and before the first month is over: the person has to be told within
    it. Source: GDPR, Art. 12(3).
    """
    is_whole_months = not by.years and not by.days and by.months > 0
    months_max = min(allowed.months, EXTENSION_MONTHS_MAX)
    if is_extended or not is_whole_months or by.months > months_max or today > due_on:
        raise ExtensionRefused


def checked_words(words: str) -> str:
    """Words that say something and fit. Raises WordsMissing, WordsTooLong."""
    words = words.strip()
    if not words:
        raise WordsMissing
    if len(words) > WORDS_CHARS_MAX:
        raise WordsTooLong
    return words


def next_alert_percent(elapsed_percent: int, alerted_percent: int) -> int:
    """The mark that was passed since the last alert; 0 for none."""
    passed = [mark for mark in ALERTS_PERCENT if alerted_percent < mark <= elapsed_percent]
    return max(passed, default=0)
