"""What all wires share: the state of one answer, and careful access to what was sent."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from bluegpt.core.errors import BlueError
from bluegpt.providers.adapters.sse import ServerEvent
from bluegpt.providers.errors import MalformedReply, StreamCut
from bluegpt.providers.rules.counts import malformed, reported
from bluegpt.providers.rules.tally import Tally
from bluegpt.providers.types.chat import ChatRequest, Delta, FinishReason
from bluegpt.providers.types.usage import Usage


class Reading(ABC):
    """One answer being read: takes events, gives deltas, knows when it has ended and how.

    `fate` is the error that belongs at the end, after everything that arrived was passed on.
    """

    def __init__(self, request: ChatRequest) -> None:
        self.tally = Tally(request)
        self.finish: FinishReason | None = None
        self.is_closed = False
        self.fate: BlueError | None = None
        self.response_id = ""

    @abstractmethod
    def read(self, event: ServerEvent) -> Delta | None:
        """What one event adds; None for events that add nothing. Raises MalformedReply."""

    @property
    def is_whole(self) -> bool:
        """Whether an end of the connection right now is a proper end of the answer."""
        return self.is_closed

    def last(self) -> Delta | None:
        """The delta that ends the answer; `fate` is settled by then."""
        if self.fate is not None:
            return self.delta()
        if not self.is_whole:
            self.fate = StreamCut()
            return None
        if self.finish is None:
            self.fate = malformed("an answer without a reason for its end")
            return self.delta()
        return Delta(
            usage=self.tally.usage_of_whole(), finish=self.finish, response_id=self.response_id
        )

    def delta(self, *, text: str = "", reasoning: str = "") -> Delta:
        """A step of the answer, counted."""
        self.tally.add(text=text, reasoning=reasoning)
        return Delta(
            usage=self.tally.usage(),
            text=text,
            reasoning=reasoning,
            response_id=self.response_id,
        )

    def count(self, usage: object, read: Callable[[Mapping[str, Any]], Usage]) -> None:
        """Take over the provider's figures; bad ones are kept beside our estimate."""
        told = reported(usage)
        try:
            self.tally.report(read(mapping(usage, "usage")), reported=told)
        except MalformedReply as error:
            self.tally.disbelieve(" ".join(error.__notes__), reported=told)

    def fail(self, error: BlueError) -> Delta | None:
        """The provider says that it broke off: nothing more is read."""
        self.fate = error
        self.is_closed = True
        return None


def parsed(data: bytes) -> dict[str, Any]:
    """The JSON object of an event. Raises MalformedReply."""
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise malformed("an event that is not JSON") from None
    return mapping(body, "an event")


def mapping(value: object, what: str) -> dict[str, Any]:
    """The value, which must be an object. Raises MalformedReply."""
    if not isinstance(value, dict):
        raise malformed(f"{what} is not an object")
    return value


def optional_mapping(value: object, what: str) -> dict[str, Any]:
    """The value, which must be an object or absent; then it is empty. Raises MalformedReply."""
    return {} if value is None else mapping(value, what)


def listed(value: object, what: str) -> list[Any]:
    """The value, which must be a list or absent; then it is empty. Raises MalformedReply."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise malformed(f"{what} is not a list")
    return value


def string(value: object, what: str) -> str:
    """The value, which must be text or absent; then it is empty. Raises MalformedReply."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise malformed(f"{what} is not text")
    return value
