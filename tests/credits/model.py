"""The ledger in memory: what the real one must agree with, written without looking at it.

Small and slow on purpose: lists, loops, no caches. Amounts are microcredits.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

CATEGORIES = ["plan", "promo", "adjustment", "paid"]


@dataclass
class ModelLot:
    id: UUID
    person_id: UUID
    category: str
    priority: int
    start: datetime
    end: datetime | None
    free: int
    used: int = 0
    lost: int = 0

    def is_open(self, now: datetime) -> bool:
        return self.start <= now and (self.end is None or now < self.end)

    def is_over(self, now: datetime) -> bool:
        return self.end is not None and self.end <= now


@dataclass
class ModelHold:
    id: UUID
    person_id: UUID
    count: int
    rate: int
    deadline: datetime
    parts: list[tuple[ModelLot, int]]
    state: str = "held"
    charged: int = 0
    absorbed: int = 0

    @property
    def amount(self) -> int:
        return self.count * self.rate

    @property
    def is_live(self) -> bool:
        return self.state in ("held", "dispatched")

    def result(self) -> tuple[str, int, int, int]:
        return (self.state, self.charged, self.amount - self.charged, self.absorbed)


@dataclass
class ModelLedger:
    """One token costs `rate` at present."""

    now: datetime
    rate: int = 1
    lots: list[ModelLot] = field(default_factory=list)
    holds: dict[UUID, ModelHold] = field(default_factory=dict)

    def available(self, person_id: UUID) -> int:
        return sum(lot.free for lot in self._open_lots(person_id))

    def held(self, person_id: UUID) -> int:
        live = [hold for hold in self.holds.values() if hold.is_live]
        return sum(hold.amount for hold in live if hold.person_id == person_id)

    def hold(self, hold_id: UUID, person_id: UUID, count: int, ttl_s: int) -> ModelHold:
        hold = ModelHold(
            id=hold_id,
            person_id=person_id,
            count=count,
            rate=self.rate,
            deadline=self.now + timedelta(seconds=ttl_s),
            parts=[],
        )
        self.holds[hold_id] = hold
        if self.available(person_id) < hold.amount:
            hold.state = "refused"
            return hold
        missing = hold.amount
        for lot in self._open_lots(person_id):
            part = min(lot.free, missing)
            if part:
                lot.free -= part
                missing -= part
                hold.parts.append((lot, part))
        return hold

    def end(self, hold: ModelHold, count: int | None) -> None:
        """Settle on `count` tokens, or release with None. An ended hold stays as it is."""
        if not hold.is_live:
            return
        hold.state = "released" if count is None else "settled"
        due = (count or 0) * hold.rate
        hold.charged = min(due, hold.amount)
        hold.absorbed = due - hold.charged
        left = hold.charged
        for lot, part in hold.parts:
            used = min(part, left)
            left -= used
            lot.used += used
            if lot.is_over(self.now):
                lot.lost += part - used
            else:
                lot.free += part - used

    def reap(self) -> None:
        for hold in self.holds.values():
            if hold.state == "held" and hold.deadline <= self.now:
                self.end(hold, None)

    def sweep(self) -> None:
        for lot in self.lots:
            if lot.is_over(self.now):
                lot.lost += lot.free
                lot.free = 0

    def _open_lots(self, person_id: UUID) -> list[ModelLot]:
        mine = [lot for lot in self.lots if lot.person_id == person_id and lot.is_open(self.now)]
        far = datetime.max.replace(tzinfo=self.now.tzinfo)
        return sorted(
            mine,
            key=lambda lot: (
                lot.priority,
                lot.end or far,
                CATEGORIES.index(lot.category),
                lot.start,
                str(lot.id),
            ),
        )
