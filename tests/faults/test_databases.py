"""The database fails: full, locked, in a tie. Nothing is ever half written, and a repeat works."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier, BrokenBarrierError, Event, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from bluegpt.core.ids import new_id
from bluegpt.core.writing import write
from bluegpt.credits.models import Account, Draw, Grant, Hold, Transfer
from bluegpt.credits.queries import balances, dialect
from bluegpt.credits.services import corrections, ledger
from bluegpt.credits.types import Consumption, HoldState, Meter, MeterLine
from tests.credits import books
from tests.credits.together import together
from tests.faults import paying

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

_ENOUGH = 400  # holds: more than fit into the pages that a full database still has


@dataclass(slots=True)
class Person:
    """Somebody with a pack of 1,000, a call under way and one that has ended."""

    id: UUID = field(default_factory=new_id)
    cart: str = field(default_factory=paying.new_cart)
    key: UUID = field(default_factory=new_id)
    call: UUID = field(default_factory=new_id)
    ended: UUID = field(default_factory=new_id)

    def arrive(self) -> None:
        paying.pay(self.id, 1_000, cart=self.cart)
        books.hold(self.id, 100, hold_id=self.call)
        books.hold(self.id, 300, hold_id=self.ended)
        books.settle(self.ended, 200)


def _hold(who: Person) -> object:
    return books.hold(who.id, 250, hold_id=who.key)


def _hold_more(who: Person) -> object:
    return ledger.hold_more(hold_id=who.call, step_id=who.key, amount_microcredits=50)


def _dispatch(who: Person) -> object:
    return ledger.dispatch(hold_id=who.call).state


def _settle(who: Person) -> object:
    return books.settle(who.call, 60)


def _settle_beyond(who: Person) -> object:
    return ledger.settle(
        hold_id=who.call,
        consumption=books.tokens(130),
        usage_source="final",
        ceiling_microcredits=150,
    )


def _settle_incredibly(who: Person) -> object:
    lie = Consumption(
        sku=books.SKU, context_tokens=0, lines=(MeterLine(meter=Meter.OUTPUT, quantity=-5),)
    )
    return ledger.settle(hold_id=who.call, consumption=lie, usage_source="final")


def _release(who: Person) -> object:
    return ledger.release(hold_id=who.call, reason="stop", written_off_microcredits=7)


def _grant(who: Person) -> object:
    return paying.pay(who.id, 400, cart=f"{who.cart}-2")


def _claw_back(who: Person) -> object:
    return paying.take_back(1_000, cart=who.cart, event="contested")


def _give_back(who: Person) -> object:
    return corrections.give_back(
        correction_id=who.key,
        hold_id=who.ended,
        amount_microcredits=120,
        author="ada",
        reason="too slow",
        reference="case-7",
    )


ACTS: dict[str, Callable[[Person], object]] = {
    "hold": _hold,
    "hold more": _hold_more,
    "dispatch": _dispatch,
    "settle": _settle,
    "settle beyond the hold": _settle_beyond,
    "settle what nobody believes": _settle_incredibly,
    "release": _release,
    "grant": _grant,
    "claw back": _claw_back,
    "give back": _give_back,
}


class Failing:
    """Counts the statements of all threads; the one with the chosen number fails unsent."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.fails_at = 0
        execute = CursorWrapper.execute

        def execute_or_fail(cursor: Any, sql: Any, params: Any = None) -> Any:
            if not re.match(r"\s*(ROLLBACK|RELEASE)", str(sql)):
                self.count += 1
                if self.count == self.fails_at:
                    raise OperationalError("the disk is gone")
            return execute(cursor, sql, params)

        called = dialect.called

        def called_or_fail(sql: str, *items: Any) -> Any:
            self.count += 1
            if self.count == self.fails_at:
                raise OperationalError("the disk is gone")
            return called(sql, *items)

        patch.setattr(CursorWrapper, "execute", execute_or_fail)
        patch.setattr(dialect, "called", called_or_fail)

    @contextmanager
    def at(self, number: int) -> Iterator[None]:
        self.count, self.fails_at = 0, number
        try:
            yield
        finally:
            self.fails_at = 0


def _rows() -> list[list[tuple[Any, ...]]]:
    """Everything that the ledger has written."""
    return [
        list(table.objects.order_by("pk").values_list())
        for table in (Account, Grant, Hold, Draw, Transfer)
    ]


@pytest.mark.parametrize("name", ACTS)
def test_whichever_statement_fails_nothing_is_written_and_the_repeat_does_it_all(
    price_version: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing, act = Failing(monkeypatch), ACTS[name]
    usual = Person()
    usual.arrive()
    with failing.at(0):
        expected = act(usual)
        statements = failing.count
    assert statements >= 1

    for number in range(1, statements + 1):
        who = Person()
        who.arrive()
        before = _rows()
        with failing.at(number):
            try:
                act(who)
            except DatabaseError:
                assert _rows() == before, number
        assert _facts(act(who)) == _facts(expected), number
        assert paying.standing(who.id) == paying.standing(usual.id), number
    assert books.broken() == []


def _facts(result: object) -> object:
    """A result without what differs from call to call."""
    if isinstance(result, HoldState):
        return result
    names = ("state", "amount_microcredits", "charged_microcredits", "taken_microcredits")
    found = {name: getattr(result, name) for name in names if hasattr(result, name)}
    return found or type(result)


def test_a_full_database_leaves_no_part_of_a_hold_and_has_room_for_it_later(
    price_version: int,
) -> None:
    person_id = new_id()
    paying.pay(person_id, 10_000, cart=paying.new_cart())
    with _full():
        placed, key = _hold_until_full(person_id)
        counts = (Hold.objects.count(), Draw.objects.count())
        assert counts == (placed, placed)
        assert Transfer.objects.filter(kind="pending").count() == placed
        assert balances.balance(person_id).held_microcredits == 5 * placed

    again = books.hold(person_id, 5, hold_id=key)

    assert again.state is HoldState.HELD
    assert Draw.objects.filter(hold_id=key).count() == 1
    assert books.broken() == []


def _hold_until_full(person_id: UUID) -> tuple[int, UUID]:
    """How many holds went in, and the key of the one that did not."""
    for placed in range(_ENOUGH):
        key = new_id()
        try:
            books.hold(person_id, 5, hold_id=key)
        except DatabaseError:
            return placed, key
    raise AssertionError("it never became full")


@contextmanager
def _full() -> Iterator[None]:
    """No page more on SQLite; on PostgreSQL what it says when it cannot extend a file."""
    if connection.vendor == "sqlite":
        dialect.run("VACUUM")
        pages = dialect.row("PRAGMA page_count")
        assert pages is not None
        _limit_pages(int(pages[0]))
        try:
            yield
        finally:
            _limit_pages(2**31 - 2)
        return
    dialect.run(
        "CREATE FUNCTION test_no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
    )
    dialect.run(
        "CREATE TRIGGER test_no_space BEFORE INSERT ON credits_transfer"
        " FOR EACH ROW EXECUTE FUNCTION test_no_space()"
    )
    try:
        yield
    finally:
        dialect.run("DROP TRIGGER test_no_space ON credits_transfer")
        dialect.run("DROP FUNCTION test_no_space()")


def _limit_pages(count: int) -> None:
    """For this thread's connection, and for that of the thread that writes for all."""
    dialect.rows(f"PRAGMA max_page_count = {count}")
    write(lambda: dialect.rows(f"PRAGMA max_page_count = {count}"))


def test_a_lock_that_is_not_given_in_time_refuses_and_the_same_key_works_afterwards(
    price_version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = Person()
    who.arrive()
    with _locked(who.id):
        before = _rows()
        if connection.vendor == "sqlite":
            monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
        else:
            dialect.run("SET lock_timeout = '20ms'")
        with pytest.raises(OperationalError):
            _hold(who)
        assert _rows() == before
    monkeypatch.undo()
    connection.close()

    assert books.hold(who.id, 250, hold_id=who.key).state is HoldState.HELD
    assert books.broken() == []


@contextmanager
def _locked(person_id: UUID) -> Iterator[None]:
    """Another connection has the wallet's row; on SQLite it has the whole file."""
    is_locked, may_go = Event(), Event()

    def keep() -> None:
        with transaction.atomic():
            wallets = Account.objects.select_for_update().filter(owner_id=person_id)
            assert wallets.count() == len(wallets) == 1
            is_locked.set()
            may_go.wait(timeout=30)
        connection.close()

    keeper = Thread(target=keep)
    keeper.start()
    assert is_locked.wait(timeout=10)
    try:
        yield
    finally:
        may_go.set()
        keeper.join()


@dataclass(slots=True)
class Meeting:
    """Two acts wait for each other in the middle, the first time, where a database lets them."""

    barrier: Barrier = field(default_factory=lambda: Barrier(2))
    tries: list[int] = field(default_factory=list)

    def wait(self) -> None:
        self.tries.append(1)
        if len(self.tries) > 2:
            return
        try:
            self.barrier.wait(timeout=0.2)
        except BrokenBarrierError:
            return  # there is one writer: the other act begins after this one


def test_two_that_take_two_wallets_in_opposite_orders_both_end_and_write_once(
    price_version: int,
) -> None:
    one, two, meeting = Person(), Person(), Meeting()
    one.arrive()
    two.arrive()

    def take(first: Person, second: Person) -> None:
        keys = new_id(), new_id()

        def act() -> None:
            books.hold(first.id, 10, hold_id=keys[0])
            meeting.wait()
            books.hold(second.id, 10, hold_id=keys[1])

        write(act)

    outcomes = together([lambda: take(one, two), lambda: take(two, one)])

    assert outcomes == [None, None]
    assert len(meeting.tries) == (2 if connection.vendor == "sqlite" else 3)
    for who in (one, two):
        assert balances.balance(who.id).held_microcredits == 100 + 20
    assert books.broken() == []


def test_a_serialization_failure_is_tried_again_and_written_once(price_version: int) -> None:
    who, meeting = Person(), Meeting()
    who.arrive()

    def spend() -> None:
        key = new_id()

        def act() -> None:
            if connection.vendor == "postgresql":
                dialect.run("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            balances.balance(who.id)
            meeting.wait()
            books.hold(who.id, 10, hold_id=key)

        write(act)

    outcomes = together([spend, spend])

    assert outcomes == [None, None]
    assert len(meeting.tries) == (2 if connection.vendor == "sqlite" else 3)
    assert balances.balance(who.id).held_microcredits == 100 + 20
    assert books.broken() == []
