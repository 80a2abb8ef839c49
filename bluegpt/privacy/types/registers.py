"""The registers that the law asks for, as views of the manifest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bluegpt.core.personal_data import DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A processing activity. Source: GDPR, Art. 30(1)."""

    key: str
    name: str
    why: str
    role: str
    bases: Mapping[DataClass, str]
    kinds: tuple[str, ...]  # what the data is, in words
    recipients: tuple[str, ...]
    transfers: tuple[str, ...]  # country and instrument, of those outside the EEA
    terms: tuple[str, ...]  # how long each class is kept, from which fact
    balancing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Processor:
    """Somebody who works for the operator. Source: GDPR, Art. 28."""

    key: str
    company: str
    country: str
    purposes: tuple[str, ...]
    kinds: tuple[str, ...]
    instrument: str
    retention: str
    trains_on_prompts: bool
    dpa_url: str
    terms_url: str
    review_by: date | None
    source: str
    closed_because: str  # empty while data may go there


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """A way out of the European Economic Area. Source: GDPR, Art. 44 to 46."""

    key: str
    basis: str
    countries: tuple[str, ...]
    instrument: str
    companies: tuple[str, ...]
    review_by: date | None
    is_overdue: bool
    source: str
