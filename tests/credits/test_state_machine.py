"""Random lives of a ledger, step by step beside a small model, verified after each step."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bluegpt.core.ids import new_id
from bluegpt.credits import jobs
from bluegpt.credits.errors import HoldResolved, IdempotencyConflict, InsufficientCredits
from bluegpt.credits.models import Grant
from bluegpt.credits.queries import balances
from bluegpt.credits.queries.verification import verify
from bluegpt.credits.rules.deadlines import OVERDUE_GRACE_S
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Category, Settlement
from tests.credits import books
from tests.credits.conftest import Clock
from tests.credits.model import ModelHold, ModelLedger, ModelLot

_COUNTS = st.sampled_from([60, 0, 1, 150, 400])
_USED = st.sampled_from([40, 0, 1, 60, 90, 500])
_SECONDS = st.sampled_from([1, 59, 60, 61, 600, 1_800])
_WHO = st.sampled_from([0, 0, 0, 1])


class LedgerMachine(RuleBasedStateMachine):
    """Two people, one price book, and everything that can happen to them."""

    clock: Clock
    holds = Bundle("holds")
    refused = Bundle("refused")

    def __init__(self) -> None:
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.people = [new_id(), new_id()]
        self.clock.now = self.clock.now.replace(hour=12)
        self.model = ModelLedger(now=self.clock.now)
        books.publish(microcredits_per_token=1)
        self._grant(0, 300, Category.PLAN, 50, 0, 1_800)
        self._grant(0, 100, Category.PAID, 50, 0, None)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    @rule(seconds=_SECONDS)
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.model.now = self.clock.now

    @rule(
        who=_WHO,
        amount=st.integers(1, 200),
        category=st.sampled_from(Category),
        priority=st.sampled_from([50, 10]),
        starts_in_s=st.sampled_from([0, 0, 0, 600]),
        lasts_s=st.sampled_from([600, 1_800, None]),
    )
    def grant(
        self,
        who: int,
        amount: int,
        category: Category,
        priority: int,
        starts_in_s: int,
        lasts_s: int | None,
    ) -> None:
        self._grant(who, amount, category, priority, starts_in_s, lasts_s)

    @rule(target=holds, who=_WHO, count=_COUNTS, ttl_s=st.sampled_from([3_600, 60]))
    def hold_what_is_there(self, who: int, count: int, ttl_s: int) -> ModelHold:
        return self._affordable(who, count, ttl_s)

    @rule(
        target=holds,
        count=_COUNTS,
        used=_USED,
        seconds=_SECONDS,
        sweeps=st.booleans(),
    )
    def a_call_takes_its_time(self, count: int, used: int, seconds: int, sweeps: bool) -> ModelHold:
        hold = self._affordable(0, count, 60)
        self.dispatch(hold)
        self.time_passes(seconds)
        if sweeps:
            self.lots_expire()
        self.settle(hold, used)
        return hold

    @rule(target=refused, who=_WHO, beyond=st.integers(1, 100))
    def hold_too_much(self, who: int, beyond: int) -> ModelHold:
        affordable = self.model.available(self.people[who]) // self.model.rate
        expected = self.model.hold(new_id(), self.people[who], affordable + beyond, 60)
        assert expected.state == "refused"
        self._place(expected, 60)
        return expected

    @rule(hold=holds | refused)
    def the_same_request_comes_again(self, hold: ModelHold) -> None:
        if hold.rate == self.model.rate:  # else it is quoted anew, which is another body
            self._place(hold, 60)

    @rule(hold=holds | refused)
    def the_same_key_comes_with_another_body(self, hold: ModelHold) -> None:
        with pytest.raises(IdempotencyConflict):
            books.hold(hold.person_id, hold.count + 1, hold_id=hold.id)

    @rule(hold=holds)
    def dispatch(self, hold: ModelHold) -> None:
        if hold.is_live:
            ledger.dispatch(hold_id=hold.id)
            hold.state = "dispatched"
        else:
            with pytest.raises(HoldResolved):
                ledger.dispatch(hold_id=hold.id)

    @rule(hold=holds)
    def extend(self, hold: ModelHold) -> None:
        if hold.is_live:
            ledger.extend(hold_id=hold.id, ttl_s=600)
            hold.deadline = max(hold.deadline, self.model.now + timedelta(seconds=600))

    @rule(hold=holds, count=_USED)
    def settle(self, hold: ModelHold, count: int) -> None:
        self.model.end(hold, count)
        assert _result(books.settle(hold.id, count)) == hold.result()

    @rule(hold=holds)
    def release(self, hold: ModelHold) -> None:
        self.model.end(hold, None)
        assert _result(ledger.release(hold_id=hold.id, reason="stop")) == hold.result()

    @rule()
    def the_reaper_runs(self) -> None:
        self.model.reap()
        jobs.release_overdue_holds()

    @rule()
    def lots_expire(self) -> None:
        self.model.sweep()
        jobs.expire_lots()

    @precondition(lambda self: self.model.rate < 4)
    @rule()
    def prices_rise(self) -> None:
        self.model.rate += 1
        books.publish(microcredits_per_token=self.model.rate)

    @invariant()
    def balances_agree(self) -> None:
        for person_id in self.people:
            balance = balances.balance(person_id)
            assert balance.available_microcredits == self.model.available(person_id)
            assert balance.held_microcredits == self.model.held(person_id)

    @invariant()
    def lots_agree(self) -> None:
        rows = Grant.objects.values_list("id", "used_microcredits", "expired_microcredits")
        assert {row[0]: row[1:] for row in rows} == {
            lot.id: (lot.used, lot.lost) for lot in self.model.lots
        }

    @invariant()
    def the_books_add_up(self) -> None:
        too_late = self.model.now - timedelta(seconds=OVERDUE_GRACE_S)
        overdue = {
            f"hold {hold.id}"
            for hold in self.model.holds.values()
            if hold.is_live and hold.deadline < too_late
        }
        named = [row for finding in verify() if finding.is_broken for row in finding.rows]
        assert set(named) == overdue

    def _grant(
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
        self.model.lots.append(
            ModelLot(lot_id, self.people[who], category.value, priority, start, end, amount)
        )

    def _affordable(self, who: int, count: int, ttl_s: int) -> ModelHold:
        affordable = self.model.available(self.people[who]) // self.model.rate
        expected = self.model.hold(new_id(), self.people[who], min(count, affordable), ttl_s)
        assert expected.is_live
        self._place(expected, ttl_s)
        return expected

    def _place(self, expected: ModelHold, ttl_s: int) -> None:
        try:
            ticket = books.hold(
                expected.person_id, expected.count, hold_id=expected.id, ttl_s=ttl_s
            )
        except InsufficientCredits:
            assert expected.state == "refused"
        else:
            assert ticket.state == expected.state
            assert ticket.amount_microcredits == expected.amount


def _result(settlement: Settlement) -> tuple[str, int, int, int]:
    return (
        settlement.state.value,
        settlement.charged_microcredits,
        settlement.released_microcredits,
        settlement.absorbed_microcredits,
    )


@pytest.mark.django_db
@pytest.mark.both_databases
def test_the_ledger_agrees_with_its_model_whatever_happens(
    database_clock: Clock, person_id: UUID
) -> None:
    machine = type("Machine", (LedgerMachine,), {"clock": database_clock})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert not Grant.objects.exists()
