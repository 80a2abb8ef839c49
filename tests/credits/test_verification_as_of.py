"""The books of any past instant can be made again, whatever happened later."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from bluegpt.core.ids import new_id
from bluegpt.credits.models import Account, Grant, Transfer
from bluegpt.credits.queries.replay import read
from bluegpt.credits.queries.statements import balance_at
from bluegpt.credits.queries.verification import verify_as_of
from bluegpt.credits.services import blocks, clawbacks, corrections, ledger, lots
from bluegpt.credits.types import Finding
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _broken(instant: datetime) -> list[Finding]:
    return [finding for finding in verify_as_of(instant) if finding.is_broken]


def _figure(instant: datetime, invariant: str) -> str:
    return next(each.figure for each in verify_as_of(instant) if each.invariant == invariant)


@pytest.fixture
def history(person_id: UUID, price_version: int, database_clock: Clock) -> list[datetime]:
    """Everything that can happen to credits, an hour apart; the instants between."""
    instants = [database_clock.now]
    call, step, late, ended = new_id(), new_id(), new_id(), None

    def grant_soon() -> None:
        nonlocal ended
        ended = books.grant(person_id, 100, expires_at=instants[0] + timedelta(hours=9))

    def correct() -> None:
        corrections.give_back(
            correction_id=uuid4(),
            hold_id=call,
            amount_microcredits=25,
            author="staff",
            reason="counted twice",
            reference="case:1",
        )

    def claw_back(amount: int) -> None:
        lot = Grant.objects.filter(source_kind="test", amount_microcredits=1_000).get()
        clawbacks.claw_back(
            clawback_id=uuid4(),
            source_kind=lot.source_kind,
            source_id=lot.source_id,
            amount_microcredits=amount,
            author="staff",
            reason="the payment was contested",
        )

    def expire() -> None:
        assert ended is not None
        lots.expire(ended)

    for happens in (
        grant_soon,
        lambda: books.grant(person_id, 1_000),
        lambda: books.hold(person_id, 150, hold_id=call),
        lambda: ledger.hold_more(hold_id=call, step_id=step, amount_microcredits=100),
        lambda: books.settle(call, 200),
        blocks.seal,
        lambda: books.hold(person_id, 30, hold_id=late),
        correct,
        lambda: books.settle(late, 60),  # beyond its hold
        expire,
        lambda: claw_back(1_000),
        lambda: books.grant(person_id, 400),  # pays the debt first
        blocks.seal,
    ):
        happens()
        database_clock.advance(1_800)
        instants.append(database_clock.now)
        database_clock.advance(1_800)
    assert books.broken() == []
    return instants


def test_the_books_add_up_at_every_instant(history: list[datetime]) -> None:
    for instant in history:
        assert _broken(instant) == []


def test_balances_are_those_of_the_statement_at_every_instant(
    person_id: UUID, history: list[datetime]
) -> None:
    told = [read(instant).in_wallets for instant in history]

    assert told == [balance_at(person_id, instant) for instant in history]
    assert told[:3] == [0, 100, 1_100]


def test_what_was_held_then_is_held_again(history: list[datetime]) -> None:
    assert [read(instant).pending for instant in history[:8]] == [0, 0, 0, 150, 250, 0, 0, 30]


def test_the_books_of_yesterday_do_not_know_today(history: list[datetime]) -> None:
    assert _figure(history[0], "1") == "0 transfers"
    assert _figure(history[2], "1") == "2 transfers"
    assert _figure(history[2], "chain") == "0 blocks over 0 transfers"
    assert _figure(history[6], "chain").startswith("1 blocks")
    assert _figure(history[-1], "chain").startswith("2 blocks")


def test_what_was_smuggled_in_breaks_the_instants_after_it_and_none_before(
    history: list[datetime],
) -> None:
    line = Transfer.objects.filter(kind="post").earliest("sequence")
    line.sequence, line.id, line.kind, line.pending_id = None, new_id(), "normal", None
    line.amount, line.group_id, line.group_size = 10**6, new_id(), 1
    line.created_at = history[-1] + timedelta(microseconds=1)
    line.save(force_insert=True)

    before = {finding.invariant for finding in _broken(history[-1])}
    after = {finding.invariant for finding in _broken(history[-1] + timedelta(seconds=1))}

    assert before <= {"13"}  # what a statement says today is summed back from today's cache
    assert "2" in after


def test_caches_of_now_take_no_part(history: list[datetime]) -> None:
    Account.objects.filter(owner_id__isnull=False).update(pending=0, debited=1)

    found = {finding.invariant for finding in _broken(history[4])}

    assert found <= {"13"}
