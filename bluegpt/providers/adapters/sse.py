"""Server-sent events, read as they come: any split of the bytes gives the same events.

Lines end with LF, CR or CRLF; a BOM at the very beginning, comments and unknown fields are
passed over; several `data` lines are one event. Data stays bytes, so a character that is split
between two reads is whole again before anybody decodes it. Source: WHATWG HTML, 9.2.
"""

from collections.abc import Iterator
from typing import NamedTuple

from bluegpt.providers.rules.counts import malformed

# The longest event that is legitimate repeats a whole answer; this is ten times that.
EVENT_BYTES_MAX = 8_000_000

_BOM = b"\xef\xbb\xbf"


class ServerEvent(NamedTuple):
    """One event: its name, empty when it has none, and its data."""

    name: str
    data: bytes


class SseReader:
    """Takes bytes, gives events. Raises MalformedReply when an event outgrows its bound."""

    def __init__(self, *, event_bytes_max: int = EVENT_BYTES_MAX) -> None:
        self._event_bytes_max = event_bytes_max
        self._partial: list[bytes] = []  # the pieces of a line that has not ended yet
        self._size_bytes = 0  # of the event so far, the partial line included
        self._data: list[bytes] = []
        self._name = b""
        self._ended_with_cr = False
        self._is_first_line = True

    def feed(self, chunk: bytes) -> Iterator[ServerEvent]:
        """The events that are complete with these bytes."""
        if self._ended_with_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]  # the second half of a CRLF
            self._ended_with_cr = False
        if not chunk:
            return
        self._ended_with_cr = chunk.endswith(b"\r")
        self._grow(len(chunk) if b"\n" not in chunk and b"\r" not in chunk else 0)
        self._partial.append(chunk)
        if b"\n" not in chunk and b"\r" not in chunk:
            return
        text = b"".join(self._partial)
        self._partial.clear()
        lines = text.splitlines()
        if not text.endswith((b"\n", b"\r")):
            self._partial.append(lines.pop())
        for line in lines:
            event = self._take(line)
            if event is not None:
                yield event
        self._size_bytes = sum(map(len, self._data)) + sum(map(len, self._partial))
        self._grow(0)

    def flush(self) -> Iterator[ServerEvent]:
        """What the stream held when it ended without the blank line that ends an event."""
        rest = b"".join(self._partial)
        self._partial.clear()
        event = self._take(rest) if rest else None
        event = event or self._take(b"")
        if event is not None:
            yield event

    def _take(self, line: bytes) -> ServerEvent | None:
        if self._is_first_line:
            self._is_first_line = False
            line = line.removeprefix(_BOM)
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._grow(len(value))
        elif name == b"event":
            self._name = value
        return None

    def _dispatch(self) -> ServerEvent | None:
        name, data = self._name, self._data
        self._name, self._size_bytes = b"", 0
        if not data:
            return None
        self._data = []
        return ServerEvent(name.decode(errors="replace"), b"\n".join(data))

    def _grow(self, size_bytes: int) -> None:
        self._size_bytes += size_bytes
        if self._size_bytes > self._event_bytes_max:
            raise malformed("an event beyond the size limit")
