"""Spending caps as their person sees them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bluegpt.credits.queries import dialect
from bluegpt.credits.queries.holds import OPEN_SQL
from bluegpt.credits.rules.capping import next_starts_on, starts_at, starts_on
from bluegpt.credits.types import CapPeriod, CapView

_COLUMNS = (
    "id, key_id, period, limit_microcredits, used_microcredits, alerted_percent, period_starts_on"
)
# A person's own caps first, then those of each key; of each, the day before the month.
_ORDER = " ORDER BY CASE WHEN key_id IS NULL THEN 0 ELSE 1 END, key_id, period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What the holds placed in a period come to, in microcredits."""

    charged: int
    held: int  # by calls under way

    @property
    def used(self) -> int:
        """What counts against a cap."""
        return self.charged + self.held


def caps_of(person_id: UUID) -> tuple[CapView, ...]:
    """Every cap of a person, with its use in the period under way."""
    found = dialect.rows(
        f"SELECT {dialect.now_sql()}, {_COLUMNS} FROM credits_cap WHERE person_id = %s{_ORDER}",
        person_id,
    )
    return tuple(_view(row[1:], dialect.instant(row[0])) for row in found)


def cap(cap_id: UUID) -> CapView | None:
    """One cap, None when it was taken away."""
    found = dialect.row(
        f"SELECT {dialect.now_sql()}, {_COLUMNS} FROM credits_cap WHERE id = %s", cap_id
    )
    return None if found is None else _view(found[1:], dialect.instant(found[0]))


def alerts_of(person_id: UUID) -> tuple[CapView, ...]:
    """The caps of which half or more is spent in the period under way, the fullest first."""
    passed = [view for view in caps_of(person_id) if view.alerted_percent]
    return tuple(sorted(passed, key=lambda view: -view.alerted_percent))


def room(*, person_id: UUID, key_id: UUID | None = None) -> int | None:
    """The most that a call may hold now before a cap refuses it; None when there is no cap."""
    left = [
        view.left_microcredits
        for view in caps_of(person_id)
        if view.key_id is None or view.key_id == key_id
    ]
    return min(left, default=None)


def spent(*, person_id: UUID, key_id: UUID | None, period: CapPeriod, starts_on: date) -> Spent:
    """What the holds that were placed in a period come to, read from the holds themselves."""
    whose, name = ("person_id", person_id) if key_id is None else ("key_id", key_id)
    found = dialect.row(
        "SELECT coalesce(sum(charged_microcredits), 0), coalesce(sum(CASE WHEN state IN"
        f" {OPEN_SQL} THEN amount_microcredits ELSE 0 END), 0) FROM credits_hold"
        f" WHERE {whose} = %s AND state <> 'refused' AND created_at >= %s AND created_at < %s",
        name,
        starts_at(starts_on),
        starts_at(next_starts_on(period, starts_on)),
    )
    assert found is not None
    return Spent(charged=int(found[0]), held=int(found[1]))


def _view(row: Any, now: datetime) -> CapView:
    """A cap now: of a period that is over nothing is left but the limit."""
    cap_id, key_id, period_name, limit, used, alerted, counted_from = row
    period = CapPeriod(period_name)
    current = starts_on(period, now)
    is_over = dialect.day(counted_from) < current
    return CapView(
        id=dialect.uuid(cap_id),
        key_id=None if key_id is None else dialect.uuid(key_id),
        period=period,
        limit_microcredits=limit,
        used_microcredits=0 if is_over else used,
        alerted_percent=0 if is_over else alerted,
        starts_again_at=starts_at(next_starts_on(period, max(current, dialect.day(counted_from)))),
    )
