"""A provider's own report of what was used."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bluegpt.providers.types.usage import Usage


class ReportFormat(StrEnum):
    """Whose form a report of what was used has."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedUsage:
    """What a provider says was used of one model on one UTC day, as one row of its report.

    `wire_name` is the provider's name of the model, often with the date of its making. A report
    may have several rows for a model: they add up. `usage.reasoning_tokens` is not told.
    """

    wire_name: str
    day: date
    usage: Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """A part of a report; `next_page` asks for the following one, empty on the last.

    `days` are those that it speaks of, also where nothing was used.
    """

    days: frozenset[date]
    rows: tuple[ReportedUsage, ...]
    next_page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAccess:
    """Where a provider's report is read, and the key of its administrator."""

    format: ReportFormat
    base_url: str
    api_key: str = field(repr=False)
