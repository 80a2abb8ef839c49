"""Reading one count out of a provider's usage."""

from collections.abc import Iterator, Mapping
from itertools import islice

from bluegpt.providers.errors import MalformedReply
from bluegpt.providers.types.usage import REPORTED_MAX

# What is kept of a usage that cannot be believed.
_REPORTED_NUMBERS_MAX = 24
_REPORTED_NAME_CHARS_MAX = 60


def count(body: Mapping[str, object], name: str) -> int:
    """The count under `name`; zero when it is absent or null.

    Raises MalformedReply for anything that is not a whole number, or is below zero.
    """
    value = body.get(name)
    if value is None:
        return 0
    if type(value) is not int or value < 0:
        raise malformed(f"usage with a bad {name}")
    return value


def required(body: Mapping[str, object], name: str) -> int:
    """The count under `name`, which must be there. Raises MalformedReply."""
    if body.get(name) is None:
        raise malformed(f"usage without {name}")
    return count(body, name)


def details(body: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The finer counts under `name`; empty when there are none. Raises MalformedReply."""
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise malformed(f"usage with a bad {name}")
    return value


def rest(total: int, *parts: int) -> int:
    """What is left of a total after its parts. Raises MalformedReply when they exceed it."""
    left = total - sum(parts)
    if left < 0:
        raise malformed("usage whose parts exceed their total")
    return left


def reported(body: object) -> tuple[tuple[str, int], ...]:
    """The numbers of a usage as they came, name by name, each within ±REPORTED_MAX.

    For those who look into a usage that was not believed: whatever is no whole number, or lies
    deeper than the details of a detail, is left out.
    """
    return tuple(islice(_numbers(body, "", depth=3), _REPORTED_NUMBERS_MAX))


def _numbers(body: object, prefix: str, *, depth: int) -> Iterator[tuple[str, int]]:
    if not isinstance(body, Mapping) or depth == 0:
        return
    for name, value in body.items():
        place = f"{prefix}{name}"[:_REPORTED_NAME_CHARS_MAX]
        if type(value) is int:
            yield place, max(-REPORTED_MAX, min(REPORTED_MAX, value))
        else:
            yield from _numbers(value, f"{place}.", depth=depth - 1)


def malformed(why: str) -> MalformedReply:
    """A MalformedReply with a note for the operator; `why` never holds content."""
    error = MalformedReply()
    error.add_note(why)
    return error
