"""JSON that holds a film: read piece by piece, the film passed on and never held whole.

Some wires put a film as base64 into the middle of their reply. What is short is kept as it came,
so that it can be parsed at the end; a long string is cut out of it.
"""

import binascii
import re
from base64 import b64decode

import orjson

from bluegpt.providers.rules.counts import malformed

# A string above this is not kept. No name, code or address of a provider is as long.
KEPT_CHARS_MAX = 4_096
SHORT_BYTES_MAX = 1_000_000
_END = re.compile(rb'["\\]')
_ESCAPE_CHARS = 6  # \u003d, the longest
_KEY_CHARS = 40


class LongStrings:
    """A JSON text in pieces. `key` names the member whose first long string is wanted."""

    def __init__(self, key: str) -> None:
        self._key = b'"%b":' % key.encode()
        self._short = bytearray()
        self._string = bytearray()  # of the one that is being read, as long as it is short
        self._rest = b""
        self._is_inside = False
        self._is_long = False
        self._is_wanted = False
        self.found = False

    def feed(self, chunk: bytes) -> bytes:
        """What the piece adds to the wanted string. Raises MalformedReply."""
        chunk, self._rest = self._rest + chunk, b""
        out, at = bytearray(), 0
        while at < len(chunk):
            at = self._inside(chunk, at, out) if self._is_inside else self._outside(chunk, at)
        if len(self._short) > SHORT_BYTES_MAX:
            raise malformed("a reply beyond all bounds")
        return bytes(out)

    def parsed(self) -> object:
        """All but the long strings, which are empty. Raises MalformedReply."""
        try:
            return orjson.loads(bytes(self._short))
        except orjson.JSONDecodeError:
            raise malformed("a reply that is not JSON") from None

    def _outside(self, chunk: bytes, at: int) -> int:
        end = chunk.find(b'"', at)
        if end < 0:
            self._short += chunk[at:]
            return len(chunk)
        before = bytes(self._short[-_KEY_CHARS:]) + chunk[at:end]
        self._is_wanted = not self.found and before.rstrip().endswith(self._key)
        self._short += chunk[at : end + 1]
        self._string.clear()
        self._is_inside, self._is_long = True, False
        return end + 1

    def _inside(self, chunk: bytes, at: int, out: bytearray) -> int:
        mark = _END.search(chunk, at)
        end = mark.start() if mark else len(chunk)
        self._take(chunk[at:end], out)
        if end == len(chunk):
            return end
        if chunk[end : end + 1] == b'"':
            self._close()
            return end + 1
        length = _ESCAPE_CHARS if chunk[end + 1 : end + 2] in (b"u", b"") else 2
        if end + length > len(chunk):
            self._rest = chunk[end:]
            return len(chunk)
        escape = chunk[end : end + length]
        self._take(_plain(escape) if self._is_long else escape, out)
        return end + length

    def _take(self, piece: bytes, out: bytearray) -> None:
        if not self._is_long:
            self._string += piece
            if len(self._string) <= KEPT_CHARS_MAX:
                return
            self._is_long, piece = True, _unescaped(self._string)
            self.found = self.found or self._is_wanted
        if self._is_wanted:
            out += piece

    def _close(self) -> None:
        if not self._is_long:
            self._short += self._string
        self._short += b'"'
        self._is_inside = self._is_wanted = False


class Base64Pieces:
    """Base64 in pieces of any length, decoded as it comes."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> bytes:
        """The bytes that can be told by now. Raises MalformedReply."""
        whole = self._rest + piece
        length = len(whole) - len(whole) % 4
        self._rest = whole[length:]
        return self._decoded(whole[:length])

    def last(self) -> bytes:
        """What is left at the end, where the padding was left out. Raises MalformedReply."""
        rest, self._rest = self._rest, b""
        return self._decoded(rest + b"=" * (-len(rest) % 4))

    @staticmethod
    def _decoded(text: bytes) -> bytes:
        try:
            return b64decode(text, validate=True)
        except binascii.Error:
            raise malformed("a film that is not base64") from None


def _plain(escape: bytes) -> bytes:
    """What an escape stands for. Raises MalformedReply."""
    try:
        return str(orjson.loads(b'"%b"' % escape)).encode()
    except orjson.JSONDecodeError:
        raise malformed("a reply that is not JSON") from None


def _unescaped(text: bytes | bytearray) -> bytes:
    return _plain(bytes(text))
