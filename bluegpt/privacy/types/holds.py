"""Data that a law keeps although its term has come."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bluegpt.core.personal_data import DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Rows of one class about one person that may not end before `ends_on` has passed."""

    id: UUID
    person_id: UUID
    data_class: DataClass
    text: str  # what is kept and for which matter
    law: str  # the citation
    author_id: UUID
    created_at: datetime
    ends_on: date  # the last day
    is_current: bool
    was_lifted: bool
