"""Identifiers: time-ordered for rows, random for everything a stranger might guess."""

import hashlib
import secrets
import threading
from uuid import UUID

from bluegpt.core import clock

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_BITS = 74
_LOW_BITS = 62
_NUMBER_BITS = 24


class _Births:
    """The last identifier given out, so that the next one is later even in the same instant."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._random = 0

    def next(self, count: int = 1) -> tuple[int, int]:
        """Milliseconds since 1970 and 74 bits beside them, together above all that came before.

        For the first of `count` that follow each other.

        Within a millisecond, or when the clock is put back, the bits grow by a random step, as
        RFC 9562 section 6.2 (method 2) has it.
        """
        now = int(clock.now().timestamp() * 1000)
        with self._lock:
            if now > self._milliseconds:
                self._milliseconds = now
                # The top bit stays free for the steps.
                self._random = secrets.randbits(_RANDOM_BITS - 1)
            else:
                self._random += 1 + secrets.randbits(32)
            first = self._random
            self._random += count - 1
            return self._milliseconds, first


_births = _Births()


def new_id() -> UUID:
    """A UUIDv7: 48 bits of milliseconds, 74 random ones; in this process, rows sort by birth."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """Several at once, in order: rows that are born together."""
    milliseconds, first = _births.next(count)
    return [_version_7(milliseconds, first + number) for number in range(count)]


def numbered_id(series: UUID, number: int) -> UUID:
    """The id number `number` of a series: the same each time, and they sort by their number.

    `series` is an id of version 7 that nothing else counts from; up to 2^24 numbers.
    """
    assert 0 <= number < 1 << _NUMBER_BITS, "a series is bounded"
    rest_bits = _RANDOM_BITS - _NUMBER_BITS
    digest = hashlib.sha256(series.bytes + number.to_bytes(4, "big")).digest()
    rest = int.from_bytes(digest, "big") >> (len(digest) * 8 - rest_bits)
    return _version_7(series.int >> 80, (number << rest_bits) | rest)


def _version_7(milliseconds: int, random: int) -> UUID:
    high = random >> _LOW_BITS  # 12 bits beside the version
    low = random & ((1 << _LOW_BITS) - 1)
    return UUID(int=(milliseconds << 80) | _VERSION_7 | (high << 64) | _VARIANT | low)


def new_secret(length_bytes: int = 32) -> str:
    """A URL-safe secret that carries `length_bytes` random bytes."""
    return secrets.token_urlsafe(length_bytes)
