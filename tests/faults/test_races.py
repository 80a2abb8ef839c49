"""Everybody at once: ends of one call in every order, replies that were lost, and 200 spenders."""

import json
import os
import sys
from collections.abc import Callable
from functools import partial
from itertools import combinations_with_replacement, permutations
from uuid import UUID

import pytest
from django.db import connections

from bluegpt.core.ids import new_id
from bluegpt.credits.errors import InsufficientCredits
from bluegpt.credits.models import Hold, Transfer
from bluegpt.credits.queries import balances
from bluegpt.credits.services import ledger, settling
from bluegpt.credits.types import HoldState, Settlement
from tests import warm
from tests.credits import books
from tests.credits.together import together
from tests.faults import paying
from tests.faults.conftest import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

SPENDERS, THREADS, PROCESSES = 200, 25, 4
PRICE, CALLS_PAID = 10, 37


def _settle(hold_id: UUID) -> object:
    return books.settle(hold_id, 5)


def _settle_otherwise(hold_id: UUID) -> object:
    return books.settle(hold_id, 30)


def _release(hold_id: UUID) -> object:
    return ledger.release(hold_id=hold_id, reason="stop")


def _reap(hold_id: UUID) -> object:
    """What the reaper does with a hold past its deadline; None when there is nothing to do."""
    return settling.release_overdue(hold_id=hold_id)


ENDS: dict[str, Callable[[UUID], object]] = {
    "settle": _settle,
    "settle otherwise": _settle_otherwise,
    "release": _release,
    "reap": _reap,
}


@pytest.mark.parametrize("order", list(permutations(ENDS)), ids=" ".join)
def test_the_first_end_of_a_call_is_its_only_one_in_every_order(
    rich_person: UUID, order: tuple[str, ...]
) -> None:
    ticket = books.hold(rich_person, 50, ttl_s=0)

    outcomes = [ENDS[name](ticket.id) for name in order]

    told = {outcome for outcome in outcomes if outcome is not None}
    charged = {"settle": 5, "settle otherwise": 30, "release": 0, "reap": 0}[order[0]]
    [settlement] = told
    assert isinstance(settlement, Settlement)
    assert settlement.charged_microcredits == charged
    assert _ends_of(ticket.id) == 1
    assert balances.balance(rich_person).available_microcredits == 1_000 - charged


@pytest.mark.parametrize("pair", list(combinations_with_replacement(ENDS, 2)), ids=" and ".join)
def test_two_ends_of_a_call_at_one_instant_are_one(
    rich_person: UUID, pair: tuple[str, str]
) -> None:
    charged = 0
    for _round in range(4):
        ticket = books.hold(rich_person, 50, ttl_s=0)

        outcomes = together([partial(ENDS[name], ticket.id) for name in pair])

        told = {outcome for outcome in outcomes if outcome is not None}
        [settlement] = told
        assert isinstance(settlement, Settlement)
        charged += settlement.charged_microcredits
        assert _ends_of(ticket.id) == 1
    assert balances.balance(rich_person).available_microcredits == 1_000 - charged
    assert balances.balance(rich_person).held_microcredits == 0
    assert books.broken() == []


def test_a_step_and_an_end_at_one_instant_leave_nothing_held(rich_person: UUID) -> None:
    for _round in range(6):
        ticket = books.hold(rich_person, 20)
        more = partial(
            ledger.hold_more, hold_id=ticket.id, step_id=new_id(), amount_microcredits=30
        )
        together([more, partial(books.settle, ticket.id, 15)])
        assert balances.balance(rich_person).held_microcredits == 0
    assert balances.balance(rich_person).available_microcredits == 1_000 - 6 * 15
    assert books.broken() == []


def _ends_of(hold_id: UUID) -> int:
    return Transfer.objects.filter(hold_id=hold_id, kind__in=("post", "void")).count()


def test_a_client_that_lost_the_reply_gets_the_same_hold_and_pays_once(rich_person: UUID) -> None:
    key = new_id()
    first = books.hold(rich_person, 100, hold_id=key)  # committed; the reply never arrived

    outcomes = together([lambda: books.hold(rich_person, 100, hold_id=key)] * 12)
    books.settle(key, 40)
    ended = books.hold(rich_person, 100, hold_id=key)

    assert outcomes == [first] * 12
    assert (ended.id, ended.state) == (key, HoldState.SETTLED)
    assert Hold.objects.count() == 1
    assert balances.balance(rich_person).available_microcredits == 960
    assert books.broken() == []


def test_of_200_spenders_in_threads_on_a_balance_for_37_calls_37_pass(
    person_id: UUID, price_version: int
) -> None:
    _fund(person_id)

    def spend() -> list[bool]:
        return [_is_let_through(person_id) for _call in range(SPENDERS // THREADS)]

    outcomes = together([spend] * THREADS)

    let_through = [is_through for of_thread in outcomes for is_through in of_thread]  # type: ignore[attr-defined]
    assert (len(let_through), sum(let_through)) == (SPENDERS, CALLS_PAID)
    _is_spent_exactly(person_id)


def _is_let_through(person_id: UUID) -> bool:
    try:
        books.hold(person_id, PRICE)
    except InsufficientCredits:
        return False
    return True


def test_of_200_spenders_in_processes_on_a_balance_for_37_calls_37_pass(
    person_id: UUID, price_version: int
) -> None:
    _fund(person_id)
    job = {"person_id": str(person_id), "amount": PRICE, "calls": SPENDERS // PROCESSES}

    done = warm.run(
        [sys.executable, "-m", "tests.faults.spenders", str(PROCESSES)],
        typed=json.dumps(job),
        cwd=ROOT,
        env=_environment(),
    )

    assert done.returncode == 0, done.stderr
    passed = json.loads(done.stdout)
    assert len(passed) == PROCESSES
    assert sum(passed) == CALLS_PAID
    _is_spent_exactly(person_id)


def _fund(person_id: UUID) -> None:
    """Enough for 37 calls and for almost another one, in lots that no call fits into."""
    for _lot in range(CALLS_PAID):
        paying.pay(person_id, PRICE - 1, cart=paying.new_cart())
    paying.pay(person_id, CALLS_PAID + PRICE - 1, cart=paying.new_cart())


def _is_spent_exactly(person_id: UUID) -> None:
    assert Hold.objects.filter(state=HoldState.HELD).count() == CALLS_PAID
    left = balances.balance(person_id)
    assert left.held_microcredits == CALLS_PAID * PRICE
    assert left.available_microcredits == PRICE - 1
    assert books.broken() == []


def _environment() -> dict[str, str]:
    """The database of this test, which another process finds by its name."""
    return os.environ | {
        "TEST_DATABASE_NAME": str(connections["default"].settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "bluegpt.config.settings",
    }
