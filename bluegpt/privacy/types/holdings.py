"""What is held about a person, counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluegpt.core.personal_data import DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """One disclosure as its person reads it; keys are those of the manifest."""

    id: UUID
    at: datetime
    recipient: str
    country: str
    purpose: str
    basis: str
    transfer_basis: str
    data_classes: tuple[DataClass, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedPage:
    """Disclosures, newest first; `next_cursor` is empty on the last page."""

    lines: tuple[Disclosed, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Rows of one class that begin their term with the same fact."""

    data_class: DataClass
    trigger: str
    counts: Mapping[str, int]  # table's label: rows
