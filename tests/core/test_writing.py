"""Acts that share commits: each undone alone, answered after the commit, heard in its thread."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper as SqliteWrapper
from django.db.transaction import TransactionManagementError
from django.utils import translation

from bluegpt.core import single_writer, writing
from bluegpt.core.models import Job
from bluegpt.core.writing import write, written

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

NOTHING_YET_S = 30.0
on_sqlite = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL has no queue: an act is a transaction"
)


def note(name: str) -> str:
    """Write a row that others can look for."""
    Job.objects.create(name=name, payload={}, attempts_max=1)
    return name


def noted() -> list[str]:
    return sorted(Job.objects.values_list("name", flat=True))


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Threads that only write: on SQLite they open no connection of their own."""
    with ThreadPoolExecutor(16) as pool:
        yield pool


class Gate:
    """An act that holds the writer until it is opened, so that others stand in line behind it."""

    def __init__(self) -> None:
        self.is_reached = threading.Event()
        self.opened = threading.Event()

    def act(self) -> None:
        self.is_reached.set()
        assert self.opened.wait(NOTHING_YET_S)


def in_line(pool: ThreadPoolExecutor, *acts: Callable[[], object]) -> list[object]:
    """Run acts that wait in this order behind another one; what each returned or raised."""
    gate = Gate()
    first = pool.submit(write, gate.act)
    assert gate.is_reached.wait(NOTHING_YET_S)
    waiting = []
    for number, act in enumerate(acts, start=1):
        waiting.append(pool.submit(write, act))
        until_waiting(number)
    gate.opened.set()
    first.result(NOTHING_YET_S)
    return [outcome(each) for each in waiting]


def until_waiting(count: int) -> None:
    """Come back when that many acts stand in line."""
    writer = single_writer.of_database(str(connection.settings_dict["NAME"]))
    deadline_s = time.monotonic() + NOTHING_YET_S
    while writer.waiting_count < count:
        assert time.monotonic() < deadline_s
        time.sleep(0.001)


def outcome(future: Future[Any]) -> object:
    """What was returned or raised."""
    return future.exception(NOTHING_YET_S) or future.result()


def fail() -> None:
    note("undone")
    raise KeyError("mine")


def test_what_an_act_returns_is_committed() -> None:
    assert write(lambda: note("kept")) == "kept"

    connection.close()
    assert noted() == ["kept"]


def test_what_an_act_raises_undoes_it() -> None:
    with pytest.raises(KeyError, match="mine"):
        write(fail)

    assert noted() == []


def test_an_act_that_goes_on_after_a_part_of_it_was_undone_is_undone_and_says_so() -> None:
    def act() -> None:
        with contextlib.suppress(KeyError), transaction.atomic(savepoint=False):
            fail()

    with pytest.raises(TransactionManagementError):
        write(act)
    assert [write(partial(note, "next")), *noted()] == ["next", "next"]


@on_sqlite
def test_a_failing_act_leaves_its_neighbours_alone(threads: ThreadPoolExecutor) -> None:
    outcomes = in_line(threads, lambda: note("before"), fail, lambda: note("after"))

    assert outcomes[0] == "before"
    assert isinstance(outcomes[1], KeyError)
    assert outcomes[2] == "after"
    assert noted() == ["after", "before"]


@on_sqlite
def test_acts_that_wait_together_share_a_commit_and_keep_their_order(
    threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[str] = []
    commit = SqliteWrapper._commit  # type: ignore[attr-defined]

    def counting(self: SqliteWrapper) -> None:
        commits.append(threading.current_thread().name)
        commit(self)

    monkeypatch.setattr(SqliteWrapper, "_commit", counting)
    monkeypatch.setattr(single_writer, "BATCH_S", NOTHING_YET_S)
    order: list[int] = []

    in_line(threads, *[partial(order.append, number) for number in range(10)])

    assert commits == ["writer"]
    assert order == list(range(10))


@on_sqlite
def test_a_batch_ends_at_its_bounds(
    threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[int] = []
    monkeypatch.setattr(single_writer, "BATCH_ACTS_MAX", 4)
    monkeypatch.setattr(single_writer, "BATCH_S", NOTHING_YET_S)
    commit = SqliteWrapper._commit  # type: ignore[attr-defined]

    def counting(self: SqliteWrapper) -> None:
        commits.append(Job.objects.count())
        commit(self)

    monkeypatch.setattr(SqliteWrapper, "_commit", counting)

    in_line(threads, *[lambda: note("one")] * 10)

    assert commits == [3, 7, 10]  # the gate was the first of the first four


@on_sqlite
def test_a_broken_reference_is_raised_where_it_was_made(threads: ThreadPoolExecutor) -> None:
    def refer_to_nothing() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS test_kept (id INTEGER PRIMARY KEY)")
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS test_refers (kept INTEGER"
                " REFERENCES test_kept (id) DEFERRABLE INITIALLY DEFERRED)"
            )
            cursor.execute("INSERT INTO test_refers VALUES (1)")

    outcomes = in_line(threads, lambda: note("one"), refer_to_nothing, lambda: note("two"))

    assert outcomes[0] == "one"
    assert isinstance(outcomes[1], DatabaseError)
    assert outcomes[2] == "two"
    assert noted() == ["one", "two"]


@on_sqlite
def test_a_failed_commit_fails_all_that_waited_for_it(
    threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: SqliteWrapper) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(single_writer, "BATCH_S", NOTHING_YET_S)
    gate = Gate()
    first = threads.submit(write, gate.act)
    assert gate.is_reached.wait(NOTHING_YET_S)
    waiting: list[Future[Any]] = [first]
    waiting += [threads.submit(write, lambda: note("lost")) for _number in range(5)]
    until_waiting(5)
    with monkeypatch.context() as disk:
        disk.setattr(SqliteWrapper, "_commit", full)
        gate.opened.set()
        raised = [each.exception(NOTHING_YET_S) for each in waiting]

    assert all(isinstance(error, OperationalError) for error in raised)
    assert len({id(error) for error in raised}) == len(raised)
    assert noted() == []
    assert write(lambda: note("next")) == "next"


@on_sqlite
def test_an_act_that_took_the_transaction_with_it_is_the_only_one_to_fail(
    threads: ThreadPoolExecutor,
) -> None:
    def rolled_back_by_the_database() -> None:
        connection.connection.execute("ROLLBACK")  # as SQLite does when the disk is full
        raise OperationalError("database or disk is full")

    outcomes = in_line(
        threads, lambda: note("one"), rolled_back_by_the_database, lambda: note("two")
    )

    assert outcomes[0] == "one"
    assert isinstance(outcomes[1], OperationalError)
    assert outcomes[2] == "two"
    assert noted() == ["one", "two"]


def test_an_act_sees_the_context_of_its_caller() -> None:
    place = ContextVar("place", default="nowhere")
    place.set("Orly")

    with translation.override("fr"):
        seen = write(lambda: (place.get(), translation.get_language()))

    assert seen == ("Orly", "fr")


def test_an_act_in_a_transaction_is_a_part_of_it() -> None:
    with transaction.atomic():
        note("outer")
        assert write(lambda: note("inner")) == "inner"
        with pytest.raises(KeyError):
            write(fail)
        assert noted() == ["inner", "outer"]
        transaction.set_rollback(True)

    assert noted() == []


def test_an_act_may_write() -> None:
    assert write(lambda: write(lambda: note("inner"))) == "inner"

    assert noted() == ["inner"]


def test_hooks_run_after_the_commit_in_the_thread_that_wrote_and_may_write() -> None:
    heard: list[tuple[str, list[str]]] = []

    def hook() -> None:
        heard.append((threading.current_thread().name, noted()))
        write(lambda: note("from the hook"))

    def act() -> None:
        note("act")
        transaction.on_commit(hook)

    write(act)

    assert heard == [(threading.current_thread().name, ["act"])]
    assert noted() == ["act", "from the hook"]


def test_hooks_of_an_undone_act_do_not_run() -> None:
    heard: list[str] = []

    def act() -> None:
        transaction.on_commit(lambda: heard.append("heard"))
        raise KeyError

    with pytest.raises(KeyError):
        write(act)

    assert heard == []


def test_a_written_function_keeps_its_name_and_its_arguments() -> None:
    @written
    def twice(name: str, *, sign: str) -> str:
        """Note something."""
        return note(name * 2 + sign)

    assert twice("a", sign="!") == "aa!"
    assert (twice.__name__, twice.__doc__) == ("twice", "Note something.")
    assert noted() == ["aa!"]


@on_sqlite
def test_of_two_hundred_who_wait_each_writes_once_before_anybody_writes_twice() -> None:
    threads_count, rounds = 200, 3
    order: list[int] = []
    gate = Gate()

    def work(number: int) -> None:
        for _turn in range(rounds):
            write(lambda: order.append(number))

    with ThreadPoolExecutor(threads_count + 1) as pool:
        first = pool.submit(write, gate.act)
        assert gate.is_reached.wait(NOTHING_YET_S)
        working = [pool.submit(work, number) for number in range(threads_count)]
        until_waiting(threads_count)
        gate.opened.set()
        for each in (first, *working):
            each.result(NOTHING_YET_S)

    assert sorted(order[:threads_count]) == list(range(threads_count))
    assert len(order) == threads_count * rounds


def test_a_tie_that_was_lost_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there are no ties")
    monkeypatch.setattr(writing, "_PAUSES_S", (0.0, 0.0))
    tries: list[int] = []

    def act() -> str:
        tries.append(1)
        note("tried")
        if len(tries) < 3:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")
        return "done"

    assert write(act) == "done"
    assert noted() == ["tried"]
    assert len(tries) == 3


def test_ties_are_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: there are no ties")
    monkeypatch.setattr(writing, "_PAUSES_S", (0.0, 0.0))
    tries: list[int] = []

    def act() -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")

    with pytest.raises(OperationalError):
        write(act)

    assert len(tries) == 3


def writer_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "writer"]


@on_sqlite
def test_a_writer_that_was_stopped_has_written_and_starts_again_when_there_is_work() -> None:
    write(lambda: note("before"))
    assert writer_threads() == ["writer"]

    single_writer.of_database(str(connection.settings_dict["NAME"])).stop()

    assert writer_threads() == []
    write(lambda: note("after"))
    assert noted() == ["after", "before"]


@on_sqlite
def test_a_writer_without_work_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_writer, "_IDLE_S", 0.0)
    single_writer.of_database(str(connection.settings_dict["NAME"])).stop()

    for number in range(20):  # each may find the thread at work, at its end, or gone
        write(lambda number=number: note(f"{number:02}"))  # type: ignore[misc]

    assert noted() == [f"{number:02}" for number in range(20)]


@on_sqlite
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system knows no fork")
def test_a_forked_child_has_a_writer_of_its_own() -> None:
    write(lambda: note("parent"))

    child = os.fork()
    if child == 0:  # nothing of pytest may run here
        code = 1
        with contextlib.suppress(BaseException):
            write(lambda: note("child"))
            code = 0
        os._exit(code)
    _pid, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert noted() == ["child", "parent"]
