"""Random lives of a ledger, step by step beside a small model, verified after each step."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bluegpt.core.ids import new_id
from bluegpt.credits import jobs
from bluegpt.credits.errors import (
    CapReached,
    CorrectionTooLarge,
    DebtOutstanding,
    HoldResolved,
    IdempotencyConflict,
    NothingLeft,
)
from bluegpt.credits.models import Grant
from bluegpt.credits.rules.deadlines import DOUBT_TTL_S
from bluegpt.credits.services import caps, ledger
from bluegpt.credits.types import CapPeriod, Category
from tests.credits import books
from tests.credits.conftest import Clock
from tests.credits.machine import LedgerUnderTest, result_of
from tests.credits.model import ModelHold, ModelLot

_COUNTS = st.sampled_from([60, 0, 1, 150, 400])
_USED = st.sampled_from([40, 0, 1, 60, 90, 500])
_SECONDS = st.sampled_from([1, 59, 60, 61, 600, 1_800])
_WHO = st.sampled_from([0, 0, 0, 1])


class LedgerMachine(LedgerUnderTest):
    """Two people, one price book, and everything that can happen to them."""

    holds = Bundle("holds")
    refused = Bundle("refused")

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
        self.grant_now(who, amount, category, priority, starts_in_s, lasts_s)

    @rule(who=_WHO, limit=st.sampled_from([1, 100, 400, 5_000]))
    def a_day_gets_a_cap(self, who: int, limit: int) -> None:
        caps.set_cap(
            person_id=self.people[who], period=CapPeriod.DAY, limit_microcredits=limit, key_id=None
        )
        self.model.caps[self.people[who]] = limit

    @rule(hold=holds, count=_USED, beyond=st.sampled_from([0, 30, 500]))
    def settle_up_to_a_ceiling(self, hold: ModelHold, count: int, beyond: int) -> None:
        ceiling = hold.amount + beyond
        if hold.is_live:
            self.model.top_up(hold, min(count * hold.rate, ceiling))
            self.model.end(hold, count)
        answer = ledger.settle(
            hold_id=hold.id,
            consumption=books.tokens(count),
            usage_source="final",
            ceiling_microcredits=ceiling,
        )
        assert result_of(answer) == hold.result()

    @rule(who=_WHO)
    def who_owes_can_hold_nothing(self, who: int) -> None:
        if self.model.owes(self.people[who]):
            with pytest.raises(DebtOutstanding):
                books.hold(self.people[who], 0)

    @precondition(lambda self: not any(self.model.owes(who) for who in self.people))
    @rule(target=holds, who=_WHO, count=_COUNTS, ttl_s=st.sampled_from([3_600, 60]))
    def hold_what_is_there(self, who: int, count: int, ttl_s: int) -> ModelHold:
        return self.affordable_now(who, count, ttl_s)

    @precondition(lambda self: not self.model.owes(self.people[0]))
    @rule(
        target=holds,
        count=_COUNTS,
        used=_USED,
        seconds=_SECONDS,
        sweeps=st.booleans(),
    )
    def a_call_takes_its_time(self, count: int, used: int, seconds: int, sweeps: bool) -> ModelHold:
        hold = self.affordable_now(0, count, 60)
        self.dispatch(hold)
        self.time_passes(seconds)
        if sweeps:
            self.lots_expire()
        self.settle(hold, used)
        return hold

    @rule(hold=holds, amount=st.sampled_from([1, 40, 300]))
    def the_call_grows(self, hold: ModelHold, amount: int) -> None:
        step_id = new_id()
        expected = self.refusal_of_step_now(hold, amount)
        if expected is None:
            for _again in range(2):  # the same step twice is one
                ledger.hold_more(hold_id=hold.id, step_id=step_id, amount_microcredits=amount)
            self.model.hold_more(hold, amount)
        else:
            with pytest.raises(expected):
                ledger.hold_more(hold_id=hold.id, step_id=step_id, amount_microcredits=amount)

    @precondition(lambda self: not self.model.owes(self.people[0]))
    @rule(target=holds, count=_COUNTS, amount=st.sampled_from([1, 40, 300]), used=_USED)
    def a_long_call_ends(self, count: int, amount: int, used: int) -> ModelHold:
        hold = self.affordable_now(0, count, 60)
        self.the_call_grows(hold, amount)
        self.the_call_grows(hold, 1)
        self.settle(hold, used)
        return hold

    @rule(hold=holds, used=_USED)
    def nobody_believes_the_usage(self, hold: ModelHold, used: int) -> None:
        if hold.is_live:
            hold.state = "in_doubt"
            hold.deadline = self.model.now + timedelta(seconds=DOUBT_TTL_S)
        answer = ledger.settle(
            hold_id=hold.id, consumption=books.tokens(used), usage_source="doubtful"
        )
        assert result_of(answer) == hold.result()

    @rule(hold=holds, used=_USED)
    def somebody_decides(self, hold: ModelHold, used: int) -> None:
        if hold.is_live:
            with pytest.raises(HoldResolved):
                self.decide_now(hold, used)
        else:
            self.model.end(hold, used)
            assert result_of(self.decide_now(hold, used)) == hold.result()

    @rule(hold=holds, amount=st.sampled_from([1, 30, 1_000]))
    def what_was_too_much_comes_back(self, hold: ModelHold, amount: int) -> None:
        correction_id = new_id()
        if hold.charged - hold.corrected < amount:
            with pytest.raises(CorrectionTooLarge):
                self.give_back_now(hold, amount, correction_id)
            return
        lot_ids = {self.give_back_now(hold, amount, correction_id) for _again in range(2)}
        (lot_id,) = lot_ids
        start = self.model.now
        lot = ModelLot(lot_id, hold.person_id, "adjustment", 50, start, None, amount)
        self.model.give_back(hold, lot)

    @rule(number=st.integers(0, 30), share=st.sampled_from([None, 1, 2]))
    def a_payment_is_taken_back(self, number: int, share: int | None) -> None:
        lot = self.model.lots[number % len(self.model.lots)]
        granted = Grant.objects.get(id=lot.id)
        amount = None if share is None else max(1, granted.amount_microcredits // share)
        clawback_id = new_id()
        if share is None and lot.free == 0:
            with pytest.raises(NothingLeft):
                self.claw_back_now(granted, amount, clawback_id)
            return
        answers = [self.claw_back_now(granted, amount, clawback_id) for _again in range(2)]
        taken, debt = self.model.claw_back(lot, amount)
        assert {(each.taken_microcredits, each.debt_microcredits) for each in answers} == {
            (taken, debt)
        }

    @rule()
    def debts_are_collected(self) -> None:
        for person_id in self.people:
            self.model.collect(person_id)
        jobs.collect_debts()

    @precondition(lambda self: not any(self.model.owes(who) for who in self.people))
    @rule(target=refused, who=_WHO, beyond=st.integers(1, 100))
    def hold_too_much(self, who: int, beyond: int) -> ModelHold | MultipleResults[ModelHold]:
        count = self.model.available(self.people[who]) // self.model.rate + beyond
        if self.model.refusal(self.people[who], count * self.model.rate) == "cap":
            with pytest.raises(CapReached):  # and the key stays free
                books.hold(self.people[who], count)
            return multiple()
        expected = self.model.hold(new_id(), self.people[who], count, 60)
        assert expected.state == "refused"
        self.place_now(expected, 60)
        return expected

    @rule(hold=holds | refused)
    def the_same_request_comes_again(self, hold: ModelHold) -> None:
        if hold.rate == self.model.rate:  # else it is quoted anew, which is another body
            self.place_now(hold, 60)

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
        if hold.is_open:
            ledger.extend(hold_id=hold.id, ttl_s=600)
            hold.deadline = max(hold.deadline, self.model.now + timedelta(seconds=600))

    @rule(hold=holds, count=_USED)
    def settle(self, hold: ModelHold, count: int) -> None:
        if hold.is_live:
            self.model.end(hold, count)
        assert result_of(books.settle(hold.id, count)) == hold.result()

    @rule(hold=holds)
    def release(self, hold: ModelHold) -> None:
        self.model.end(hold, None)
        assert result_of(ledger.release(hold_id=hold.id, reason="stop")) == hold.result()

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
