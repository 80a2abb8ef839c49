"""Telling the sandbox how to behave: `sandbox: key=value key=value` in the last message.

The header `x-sandbox` takes the same words; what the message says wins. A line counts only when
it begins with a switch, so that somebody may still write "sandbox: what are you?".
"""

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

ERRORS = ("400", "401", "402", "403", "404", "408", "413", "422", "429", "500", "529")
NAMED_ERRORS = (
    "quota",
    "context",
)  # an empty account, a full context window: each in its form
USAGES = (
    *("missing", "zero", "negative", "absurd", "contradictory", "twice", "changed"),
    *("growing", "incremental", "unasked"),
)
REPORTS = ("less", "more", "missing", "dated")
PICTURES = ("wrong_size", "wrong_format", "corrupt", "cut_short", "marked", "fewer")
FILMS = (
    *("failed", "rejected", "stuck", "unknown", "expired"),
    *("wrong_size", "corrupt", "cut_short", "silent"),
)
FEES_MAX = 100
REFUSALS = ("model", "filter")
TOKENS_MAX = 1_000_000
WAIT_MS_MAX = 600_000
DEFAULT_PACE_MS = 12.0
DEFAULT_JOB_MS = 2_000.0

_LINE = re.compile(r"^[ \t]*sandbox:[ \t]*(\S.*?)[ \t]*$\n?", re.MULTILINE | re.IGNORECASE)
_SWITCH_FIRST = re.compile(r"[a-z_]+=|refuse(\s|$)")


class BadSwitch(ValueError):
    """A switch that does not exist or a value it cannot take; the text says which ones can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    """How one call is to go. Counts are in tokens sent, so 0 means before the first one."""

    tokens: int | None = None
    pace_ms: float = DEFAULT_PACE_MS
    first_ms: float = 0.0
    error: str = ""
    error_after: int | None = None
    cut_after: int | None = None
    stall_after: int | None = None
    malformed_after: int | None = None
    usage: str = ""
    report: str = ""
    searches: int = 0
    audio_tokens: int = 0
    refuse: str = ""
    picture: str = ""
    film: str = ""
    job_ms: float = DEFAULT_JOB_MS
    look_errors: int = 0
    text: str | None = None


def read(*, message: str, header: str) -> Switches:
    """The switches of one call. Raises BadSwitch."""
    given = _parse(header)
    for line in _switch_lines(message):
        given |= _parse(line)
    return Switches(**given)


def without_switches(message: str) -> str:
    """The message as the person meant it."""
    return _LINE.sub(lambda line: "" if _SWITCH_FIRST.match(line[1]) else line[0], message).strip()


def _switch_lines(message: str) -> list[str]:
    return [line for line in _LINE.findall(message) if _SWITCH_FIRST.match(line)]


def _parse(words: str) -> dict[str, Any]:
    try:
        parts = shlex.split(words)
    except ValueError:
        raise BadSwitch("sandbox: a quotation mark is not closed") from None
    return dict(_one(part) for part in parts)


def _one(part: str) -> tuple[str, Any]:
    name, _, value = part.partition("=")
    if name not in READERS:
        raise BadSwitch(f"sandbox: unknown switch {name!r}; known: {', '.join(sorted(READERS))}")
    try:
        return name, READERS[name](value)
    except ValueError as wrong:
        raise BadSwitch(f"sandbox: {name} cannot be {value!r} ({wrong})") from None


def _count(value: str) -> int:
    number = int(value) if value.isascii() and value.isdigit() else -1
    if not 0 <= number <= TOKENS_MAX:
        raise ValueError(f"a whole number from 0 to {TOKENS_MAX}")
    return number


def _fees(value: str) -> int:
    number = int(value) if value.isascii() and value.isdigit() else -1
    if not 0 <= number <= FEES_MAX:
        raise ValueError(f"a whole number from 0 to {FEES_MAX}")
    return number


def _milliseconds(value: str) -> float:
    if not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value, re.ASCII) or float(value) > WAIT_MS_MAX:
        raise ValueError(f"milliseconds from 0 to {WAIT_MS_MAX}")
    return float(value)


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read_choice(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return value

    return read_choice


def _refuse(value: str) -> str:
    return _one_of(*REFUSALS)(value or REFUSALS[0])


def _text(value: str) -> str:
    return value.replace("\\n", "\n")


READERS: Mapping[str, Callable[[str], Any]] = {
    "tokens": _count,
    "pace_ms": _milliseconds,
    "first_ms": _milliseconds,
    "error": _one_of(*ERRORS, *NAMED_ERRORS),
    "error_after": _count,
    "cut_after": _count,
    "stall_after": _count,
    "malformed_after": _count,
    "usage": _one_of(*USAGES),
    "report": _one_of(*REPORTS),
    "searches": _fees,
    "audio_tokens": _count,
    "refuse": _refuse,
    "text": _text,
    "picture": _one_of(*PICTURES),
    "film": _one_of(*FILMS),
    "job_ms": _milliseconds,
    "look_errors": _fees,
}
