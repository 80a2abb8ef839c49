"""Agreements and refusals, and the chain that proves them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class ConsentAction(StrEnum):
    """What was decided."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConsentMethod(StrEnum):
    """How it was said."""

    BANNER = "banner"
    FORM = "form"
    GPC = "gpc"  # the browser's signal, without a screen of ours
    API = "api"
    REPLAY = "replay"  # said before a restore, and entered again after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What was on show, to the letter."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """A decision as it is made. Somebody is known by their account, a browser by `device`."""

    person_id: UUID | None
    device: str
    decisions: Mapping[str, ConsentAction]  # purpose: what was decided
    method: ConsentMethod
    screen: Screen
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLine:
    """A decision as it is kept."""

    number: int
    purpose: str
    action: ConsentAction
    method: ConsentMethod
    language: str
    policy_digest: str
    screen_sha256: str
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainState:
    """What a walk along the chain found. `erased` links have outlived what they commit to."""

    links: int
    erased: int
    broken: tuple[int, ...]
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHead:
    """The end of the chain on a day: whoever kept it notices a chain that was written anew."""

    on: date
    number: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCount:
    """How often one thing was decided about a purpose under one version of the policy."""

    purpose: str
    policy_digest: str
    given: int
    refused: int
    withdrawn: int
    first_at: datetime
    last_at: datetime
