"""What an authority asked for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bluegpt.core.personal_data import DataClass


class AuthorityState(StrEnum):
    """The life of a request."""

    RECORDED = "recorded"
    APPROVED_ONCE = "approved_once"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPORTED = "exported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A request about one person, its basis and scope, and who agreed to it."""

    id: UUID
    person_id: UUID
    authority: str
    reference: str
    law: str
    data_classes: tuple[DataClass, ...]
    received_at: datetime
    recorded_by: UUID
    first_approver: UUID | None
    second_approver: UUID | None
    exported_at: datetime | None
    exported_sha256: str
    state: AuthorityState
