"""Lines of a statement made ready, so that templates need no arithmetic and no query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from bluegpt.accounts.queries import api_keys
from bluegpt.credits.queries import cases, corrected, open_holds
from bluegpt.credits.queries.corrected import CorrectionOf
from bluegpt.credits.queries.open_holds import OpenHold
from bluegpt.credits.types import CaseView, StatementLine, TransferCode
from bluegpt.web.credits import words

_SHORT_ID_CHARS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line with its names. `model` is empty where none was asked.

    `corrections` gave back something of this charge later.
    """

    line: StatementLine
    what: str
    model: str
    usage: tuple[tuple[str, int], ...]
    is_counted_here: bool
    corrections: tuple[CorrectionOf, ...]
    case: CaseView | None = None

    @property
    def subject(self) -> UUID:
        """What a question about this line is about: its call, or the line itself."""
        return self.line.hold_id or self.line.group_id

    @property
    def short_id(self) -> str:
        """The end of the request's id: its beginning is the time, and the same for neighbours."""
        return self.line.hold_id.hex[-_SHORT_ID_CHARS:] if self.line.hold_id else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """A call under way with its names; `key_name` is empty for one from the pages."""

    hold: OpenHold
    what: str
    model: str
    key_name: str


def rows(person_id: UUID, lines: Sequence[StatementLine]) -> tuple[Row, ...]:
    """Lines with their models and corrections; as many queries for one as for a page of them."""
    names = words.model_names()
    charges = [line.group_id for line in lines if line.code == TransferCode.USAGE]
    given_back = corrected.corrections(person_id=person_id, group_ids=charges)
    return tuple(
        Row(
            line=line,
            what=words.what(line),
            model=names.get(line.sku, line.sku),
            usage=_usage(line),
            is_counted_here=bool(line.usage) and line.usage_source not in {"", "final"},
            corrections=given_back.get(line.group_id, ()),
        )
        for line in lines
    )


def with_cases(person_id: UUID, lines: Sequence[Row]) -> tuple[Row, ...]:
    """The same with what the person asked about them; a correction carries no question itself."""
    asked = cases.disputed_calls(person_id=person_id, subjects=[row.subject for row in lines])
    found = {
        subject: cases.own_case(person_id=person_id, case_id=case_id)
        for subject, case_id in asked.items()
    }
    return tuple(replace(row, case=found.get(row.subject)) for row in lines)


def held_rows(person_id: UUID) -> tuple[HeldRow, ...]:
    """What is held at the moment and why, the oldest first."""
    holds = open_holds.open_holds(person_id)
    names = words.model_names() if holds else {}
    keys = key_names(person_id) if any(hold.key_id for hold in holds) else {}
    return tuple(
        HeldRow(
            hold=hold,
            what=words.product(hold.product),
            model=names.get(hold.sku, hold.sku),
            key_name=keys.get(hold.key_id, "") if hold.key_id else "",
        )
        for hold in holds
    )


def key_names(person_id: UUID) -> Mapping[UUID, str]:
    """Names of all keys that a person ever had."""
    return {key.id: key.name for key in api_keys.api_keys(person_id)}


def _usage(line: StatementLine) -> tuple[tuple[str, int], ...]:
    used: Iterable[tuple[str, int]] = ((words.meter(u.meter), u.quantity) for u in line.usage)
    return tuple((name, quantity) for name, quantity in used if quantity)
