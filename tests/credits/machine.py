"""What the random lives of a ledger stand on: two people, a model, and what must always hold."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, invariant

from bluegpt.core.ids import new_id
from bluegpt.credits.errors import CapReached, DebtOutstanding, HoldResolved, InsufficientCredits
from bluegpt.credits.models import Grant
from bluegpt.credits.queries import balances
from bluegpt.credits.queries.verification import verify
from bluegpt.credits.rules.deadlines import OVERDUE_GRACE_S
from bluegpt.credits.services import clawbacks, corrections, ledger
from bluegpt.credits.types import Category, Settlement
from tests.credits import books
from tests.credits.conftest import Clock
from tests.credits.model import ModelHold, ModelLedger, ModelLot

_REFUSALS = {"debt": DebtOutstanding, "funds": InsufficientCredits, "cap": CapReached}


class LedgerUnderTest(RuleBasedStateMachine):
    """The real ledger beside its model, compared and verified after each step."""

    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.people = [new_id(), new_id()]
        self.clock.now = self.clock.now.replace(hour=12)
        self.model = ModelLedger(now=self.clock.now)
        books.publish(microcredits_per_token=1)
        self.grant_now(0, 300, Category.PLAN, 50, 0, 1_800)
        self.grant_now(0, 100, Category.PAID, 50, 0, None)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    @invariant()
    def balances_agree(self) -> None:
        for person_id in self.people:
            balance = balances.balance(person_id)
            assert balance.available_microcredits == self.model.available(person_id)
            assert balance.held_microcredits == self.model.held(person_id)
            assert balances.debt(person_id) == self.model.owes(person_id)

    @invariant()
    def lots_agree(self) -> None:
        rows = Grant.objects.values_list(
            "id", "used_microcredits", "expired_microcredits", "clawed_back_microcredits"
        )
        assert {row[0]: row[1:] for row in rows} == {
            lot.id: (lot.used, lot.lost, lot.taken) for lot in self.model.lots
        }

    @invariant()
    def the_books_add_up(self) -> None:
        too_late = self.model.now - timedelta(seconds=OVERDUE_GRACE_S)
        overdue = {
            f"hold {hold.id}"
            for hold in self.model.holds.values()
            if hold.is_open and hold.deadline < too_late
        }
        named = [row for finding in verify() if finding.is_broken for row in finding.rows]
        assert set(named) == overdue

    def grant_now(
        self,
        who: int,
        amount: int,
        category: Category,
        priority: int,
        starts_in_s: int,
        lasts_s: int | None,
    ) -> None:
        start = self.model.now + timedelta(seconds=starts_in_s)
        end = None if lasts_s is None else start + timedelta(seconds=lasts_s)
        lot_id = books.grant(
            self.people[who],
            amount,
            category=category,
            priority=priority,
            effective_at=start,
            expires_at=end,
        )
        self.model.add(
            ModelLot(lot_id, self.people[who], category.value, priority, start, end, amount)
        )

    def refusal_of_step_now(self, hold: ModelHold, amount: int) -> type[Exception] | None:
        if not hold.is_live:
            return HoldResolved
        refusal = self.model.refusal(hold.person_id, amount)
        return None if refusal is None else _REFUSALS[refusal]

    def decide_now(self, hold: ModelHold, used: int) -> Settlement:
        return ledger.settle_doubt(
            hold_id=hold.id, consumption=books.tokens(used), author="somebody"
        )

    def give_back_now(self, hold: ModelHold, amount: int, correction_id: UUID) -> UUID:
        return corrections.give_back(
            correction_id=correction_id,
            hold_id=hold.id,
            amount_microcredits=amount,
            author="somebody",
            reason="too much",
            reference="case",
        )

    def claw_back_now(
        self, granted: Grant, amount: int | None, clawback_id: UUID
    ) -> clawbacks.TakenBack:
        return clawbacks.claw_back(
            clawback_id=clawback_id,
            source_kind=granted.source_kind,
            source_id=granted.source_id,
            amount_microcredits=amount,
            author="somebody",
            reason="contested",
        )

    def affordable_now(self, who: int, count: int, ttl_s: int) -> ModelHold:
        person_id = self.people[who]
        allowed = min(self.model.available(person_id), max(0, self.model.room(person_id)))
        affordable = allowed // self.model.rate
        expected = self.model.hold(new_id(), person_id, min(count, affordable), ttl_s)
        assert expected.is_live
        self.place_now(expected, ttl_s)
        return expected

    def place_now(self, expected: ModelHold, ttl_s: int) -> None:
        try:
            ticket = books.hold(
                expected.person_id, expected.count, hold_id=expected.id, ttl_s=ttl_s
            )
        except InsufficientCredits:
            assert expected.state == "refused"
        else:
            assert ticket.state == expected.state
            assert ticket.amount_microcredits == expected.first_amount


def result_of(settlement: Settlement) -> tuple[str, int, int, int]:
    return (
        settlement.state.value,
        settlement.charged_microcredits,
        settlement.released_microcredits,
        settlement.absorbed_microcredits,
    )
