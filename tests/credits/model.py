"""The ledger in memory: what the real one must agree with, written without looking at it.

Small and slow on purpose: lists, loops, no caches. Amounts are microcredits.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
    taken: int = 0

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
    pieces: list[tuple[date, int]]  # what was placed on which day, step by step
    state: str = "held"
    charged: int = 0
    absorbed: int = 0
    corrected: int = 0
    steps: int = 0

    @property
    def first_amount(self) -> int:
        return self.count * self.rate

    @property
    def amount(self) -> int:
        return self.first_amount + self.steps

    @property
    def is_live(self) -> bool:
        return self.state in ("held", "dispatched")

    @property
    def is_open(self) -> bool:
        return self.is_live or self.state == "in_doubt"

    def counted_on(self, day: date) -> int:
        """What of it counts against a cap of that day."""
        left, counted = self.charged, 0
        for placed_on, amount in self.pieces:
            share = amount if self.is_open else min(amount, left)
            left -= share
            counted += share if placed_on == day and self.state != "refused" else 0
        return counted

    def result(self) -> tuple[str, int, int, int]:
        if self.is_open:
            return (self.state, 0, 0, 0)
        return (self.state, self.charged, self.amount - self.charged, self.absorbed)


@dataclass
class ModelLedger:
    """One token costs `rate` at present."""

    now: datetime
    rate: int = 1
    lots: list[ModelLot] = field(default_factory=list)
    holds: dict[UUID, ModelHold] = field(default_factory=dict)
    debts: dict[UUID, int] = field(default_factory=dict)
    caps: dict[UUID, int] = field(default_factory=dict)

    def available(self, person_id: UUID) -> int:
        return sum(lot.free for lot in self._open_lots(person_id))

    def held(self, person_id: UUID) -> int:
        live = [hold for hold in self.holds.values() if hold.is_open]
        return sum(hold.amount for hold in live if hold.person_id == person_id)

    def room(self, person_id: UUID) -> int:
        """What the person's daily cap still allows."""
        if person_id not in self.caps:
            return 10**9
        mine = [hold for hold in self.holds.values() if hold.person_id == person_id]
        return self.caps[person_id] - sum(hold.counted_on(self.now.date()) for hold in mine)

    def refusal(self, person_id: UUID, amount: int) -> str | None:
        """Why nothing can be held: debt before funds, funds before caps, caps before lots."""
        if self.owes(person_id):
            return "debt"
        if sum(lot.free for lot in self.lots if lot.person_id == person_id) < amount:
            return "funds"
        if amount and self.room(person_id) < amount:
            return "cap"
        return "funds" if self.available(person_id) < amount else None

    def top_up(self, hold: ModelHold, wanted: int) -> None:
        """At the settlement: as much more as there is, up to what is wanted altogether."""
        lacking = wanted - hold.amount
        while lacking > 0:
            refusal = self.refusal(hold.person_id, lacking)
            if refusal is None:
                self.hold_more(hold, lacking)
                return
            if refusal != "funds":
                return
            lacking = min(lacking - 1, self.available(hold.person_id))

    def owes(self, person_id: UUID) -> int:
        return self.debts.get(person_id, 0)

    def hold(self, hold_id: UUID, person_id: UUID, count: int, ttl_s: int) -> ModelHold:
        hold = ModelHold(
            id=hold_id,
            person_id=person_id,
            count=count,
            rate=self.rate,
            deadline=self.now + timedelta(seconds=ttl_s),
            parts=[],
            pieces=[(self.now.date(), count * self.rate)],
        )
        self.holds[hold_id] = hold
        if self.available(person_id) < hold.amount:
            hold.state = "refused"
            return hold
        self._draw(hold, hold.amount)
        return hold

    def hold_more(self, hold: ModelHold, amount: int) -> None:
        hold.steps += amount
        hold.pieces.append((self.now.date(), amount))
        self._draw(hold, amount)

    def _draw(self, hold: ModelHold, amount: int) -> None:
        missing = amount
        for lot in self._open_lots(hold.person_id):
            part = min(lot.free, missing)
            if part:
                lot.free -= part
                missing -= part
                hold.parts.append((lot, part))

    def end(self, hold: ModelHold, count: int | None) -> None:
        """Settle on `count` tokens, or release with None. An ended hold stays as it is."""
        if not hold.is_open:
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

    def give_back(self, hold: ModelHold, lot: ModelLot) -> None:
        hold.corrected += lot.free
        self.add(lot)

    def add(self, lot: ModelLot) -> None:
        self.lots.append(lot)
        self.collect(lot.person_id)

    def claw_back(self, lot: ModelLot, amount: int | None) -> tuple[int, int]:
        wanted = lot.free if amount is None else amount
        taken = min(wanted, lot.free)
        lot.free -= taken
        lot.taken += taken
        self.debts[lot.person_id] = self.owes(lot.person_id) + wanted - taken
        self.collect(lot.person_id)
        return taken, wanted - taken

    def collect(self, person_id: UUID) -> None:
        for lot in self._open_lots(person_id):
            paid = min(lot.free, self.owes(person_id))
            if paid:
                lot.free -= paid
                lot.taken += paid
                self.debts[person_id] -= paid

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
