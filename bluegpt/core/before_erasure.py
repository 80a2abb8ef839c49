"""What has to come to rest before a person's data may end.

A product registers a function that asks its running work about a person to stop, and says whether
all of it has ended. It is called again until it has.
"""

from collections.abc import Callable
from uuid import UUID

AtRest = Callable[[UUID], bool]

_stops: list[AtRest] = []


def stops(function: AtRest) -> AtRest:
    """Register a function; it may be called any number of times."""
    _stops.append(function)
    return function


def are_at_rest(person_id: UUID) -> bool:
    """Ask everybody to stop; True when nothing of this person's runs any more."""
    said = [stop(person_id) for stop in _stops]  # everybody is asked, whatever the first says
    return all(said)
