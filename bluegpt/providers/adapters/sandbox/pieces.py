"""A text cut into tokens, each already encoded for JSON: ten thousand streams share the bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle, islice

import orjson

from bluegpt.providers.adapters.sandbox import tokens


@dataclass(frozen=True, slots=True)
class Pieces:
    """`length` tokens: those of `loop`, said again from the start when they run out."""

    loop: tuple[bytes, ...] = ()
    length: int = 0

    def __iter__(self) -> Iterator[bytes]:
        """Each token as the inside of a JSON string, without the quotation marks."""
        return islice(cycle(self.loop), self.length)

    def first(self, length: int) -> "Pieces":
        """No more than `length` tokens of these."""
        return Pieces(self.loop, min(self.length, length))

    def json(self) -> orjson.Fragment:
        """The whole text as a JSON string, ready to stand in a larger document."""
        return orjson.Fragment(b'"%b"' % b"".join(self))

    def text(self) -> str:
        return str(orjson.loads(b'"%b"' % b"".join(self)))


def cut(text: str) -> Pieces:
    """The whole of a text."""
    loop = tuple(map(_encoded, tokens.pieces(text)))
    return Pieces(loop, len(loop))


def stretched(text: str, length: int) -> Pieces:
    """Exactly `length` tokens of a text, repeated as often as it takes."""
    return Pieces(cut(text).loop, length)


@lru_cache(maxsize=16_384)
def _encoded(piece: str) -> bytes:
    return orjson.dumps(piece)[1:-1]
