"""Who of the operator's people may see what, and for how long."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.texts import Text


class Area(StrEnum):
    """A group of staff pages that is opened as one."""

    ACCESSES = "accesses"  # content behind glass
    AUTHORITIES = "authorities"
    BREACHES = "breaches"
    CONSENTS = "consents"
    DEATHS = "deaths"
    GRANTS = "grants"
    HOLDS = "holds"
    LOG = "log"
    ONBOARDING = "onboarding"  # who and what is new
    REGISTERS = "registers"
    REQUESTS = "requests"
    SUCCESSIONS = "successions"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRole:
    """A role: the areas it opens, the classes it may see, and the longest it is given for."""

    key: str
    name: Text
    areas: frozenset[Area]
    classes: frozenset[DataClass]
    longest: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role given to somebody until an instant."""

    id: UUID
    person_id: UUID
    role: str
    granted_by: UUID | None  # None: at the console
    granted_at: datetime
    ends_at: datetime
    is_current: bool
