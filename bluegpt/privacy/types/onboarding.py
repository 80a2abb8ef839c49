"""What is asked before anybody new receives data, and who agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bluegpt.privacy.types.texts import Text


class Chapter(StrEnum):
    """Whose entries are taken on."""

    RECIPIENTS = "recipients"
    PURPOSES = "purposes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One line of the checklist."""

    key: str
    of: Chapter
    asks: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """The checklist, and the entries that were gone through for the packaged policy."""

    checked_on: date | None  # None is refused by the linter
    checked: Mapping[Chapter, tuple[str, ...]]
    checklist: Mapping[str, Question]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """An entry that is not as it was packaged. `facts_sha256` names what was agreed to."""

    chapter: Chapter
    key: str
    facts: Mapping[str, str]
    facts_sha256: str

    @property
    def subject(self) -> str:
        return f"{self.chapter}.{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's yes to the facts as they are."""

    approver: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewcomerView:
    """A newcomer as staff see it."""

    newcomer: Newcomer
    questions: tuple[Question, ...]
    approvals: tuple[Approval, ...]
    is_taken_on: bool
