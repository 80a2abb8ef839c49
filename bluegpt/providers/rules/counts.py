"""Reading one count out of a provider's usage."""

from collections.abc import Mapping

from bluegpt.providers.errors import MalformedReply


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


def malformed(why: str) -> MalformedReply:
    """A MalformedReply with a note for the operator; `why` never holds content."""
    error = MalformedReply()
    error.add_note(why)
    return error
