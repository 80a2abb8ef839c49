"""Content behind glass: who asked, why, who let them, and for how long."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AccessGround(StrEnum):
    """Why somebody of the staff may have to see what a person wrote."""

    ASKED_BY_PERSON = "asked_by_person"
    ABUSE = "abuse"
    SECURITY = "security"
    COURT = "court"


class AccessState(StrEnum):
    """The life of an access."""

    ASKED = "asked"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One access to one person's content. It opens when a second person approves it."""

    id: UUID
    person_id: UUID
    ground: AccessGround
    reason: str
    minutes: int
    asked_by: UUID
    asked_at: datetime
    approved_by: UUID | None
    opened_at: datetime | None
    closes_at: datetime | None
    first_seen_at: datetime | None  # None: nobody has looked
    state: AccessState
