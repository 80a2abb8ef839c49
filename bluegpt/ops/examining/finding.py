"""One line of `bluegpt doctor`."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """A problem stops something from working; a warning says what may surprise."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, how it is, and, unless it is well, what to do."""

    subject: str
    verdict: Verdict
    text: str


def ok(subject: str, text: str) -> Finding:
    return Finding(subject=subject, verdict=Verdict.OK, text=text)


def warning(subject: str, text: str) -> Finding:
    return Finding(subject=subject, verdict=Verdict.WARNING, text=text)


def problem(subject: str, text: str) -> Finding:
    return Finding(subject=subject, verdict=Verdict.PROBLEM, text=text)
