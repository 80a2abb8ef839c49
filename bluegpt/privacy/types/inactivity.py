"""The words of accounts that nobody uses any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.texts import Text


class Use(StrEnum):
    """What counts as use of an account."""

    LOG_IN = "log_in"
    API_CALL = "api_call"
    PAYMENT = "payment"
    KEPT = "kept"  # the button behind the link in a notice


class Exemption(StrEnum):
    """What keeps an unused account open."""

    RESTRICTED = "restricted"
    HELD = "held"
    STAFF = "staff"


class Stage(StrEnum):
    """What is due for an unused account."""

    FIRST_NOTICE = "first_notice"
    SECOND_NOTICE = "second_notice"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inactivity:
    """The chapter. The notices are the shortest time between a mail and the closing."""

    after: Duration
    first_notice: Duration  # whole days
    second_notice: Duration  # whole days
    why: Text
    source: str
    uses: Mapping[Use, Text]
    exemptions: Mapping[Exemption, Text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """How far the owner of an unused account has been told."""

    closes_on: date  # the day that the last mail named
    is_twice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """An account for which something is due. `exemption` says why it is not done."""

    person_id: UUID
    last_active_at: datetime
    stage: Stage
    closes_on: date
    exemption: Exemption | None
