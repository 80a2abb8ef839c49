"""Turns at a SQLite file: whoever waits is next, nobody waits for ever, a dead one lets go."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from bluegpt.core.models import Job
from bluegpt.core.turns import TurnMissed, Turns
from bluegpt.core.writing import write
from tests import warm
from tests.core.writing_process import note, note_in_a_transaction

NOTHING_YET_S = 30.0
on_sqlite = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL locks rows, and keeps a line of its own"
)


@pytest.fixture
def turns(tmp_path: Path) -> Iterator["list[Turns]"]:
    """Three places in the line of one file."""
    places = [Turns(tmp_path / "some.sqlite3") for _place in range(3)]
    yield places
    for place in places:
        place.close()


def is_free(place: Turns) -> bool:
    try:
        place.take(timeout_s=0)
    except TurnMissed:
        return False
    place.end()
    return True


def test_one_at_a_time(turns: list[Turns]) -> None:
    first, second, _third = turns

    first.take(timeout_s=0)

    assert not is_free(second)
    first.end()
    assert is_free(second)


def test_who_had_a_turn_comes_after_who_waits(turns: list[Turns]) -> None:
    first, second, third = turns
    order: list[str] = []

    def wait() -> None:
        second.take(NOTHING_YET_S)
        order.append("who waited")
        second.end()

    first.take(timeout_s=0)
    waiting = threading.Thread(target=wait)
    waiting.start()
    while third.is_gate_open():  # until the second stands there
        pass
    first.end()
    first.take(NOTHING_YET_S)
    order.append("who had a turn")
    first.end()
    waiting.join(NOTHING_YET_S)

    assert order == ["who waited", "who had a turn"]


def test_who_leaves_lets_go(turns: list[Turns]) -> None:
    first, second, _third = turns
    first.take(timeout_s=0)

    first.close()

    assert is_free(second)


def test_a_dead_process_lets_go(tmp_path: Path, turns: list[Turns]) -> None:
    program = (
        "import os, pathlib, sys; from bluegpt.core.turns import Turns;"
        "turns = Turns(pathlib.Path(sys.argv[1])); turns.take(0); os._exit(7)"
    )
    died = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "some.sqlite3")], check=False
    )

    assert died.returncode == 7
    assert is_free(turns[0])


@pytest.fixture
def somebody_else(db: None) -> Iterator[Turns]:
    """Another one in the line of the test's own database."""
    place = Turns(Path(str(connection.settings_dict["NAME"])))
    yield place
    place.close()


@on_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", [lambda: write(note), note_in_a_transaction, note])
def test_who_waits_too_long_hears_that_the_database_is_locked(  # type: ignore[no-untyped-def]
    way, somebody_else: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0)
    somebody_else.take(timeout_s=0)

    with pytest.raises(OperationalError, match="locked"):
        way()

    somebody_else.end()
    way()
    assert Job.objects.count() == 1
    assert is_free(somebody_else)


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_turn_lasts_as_long_as_its_transaction(somebody_else: Turns) -> None:
    with transaction.atomic():
        note()
        assert not is_free(somebody_else)
    assert is_free(somebody_else)

    with transaction.atomic():
        transaction.set_rollback(True)
        assert not is_free(somebody_else)
    assert is_free(somebody_else)

    with pytest.raises(KeyError), transaction.atomic():
        connection.close()
        assert is_free(somebody_else)
        raise KeyError
    assert is_free(somebody_else)


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_reading_takes_no_turn(somebody_else: Turns) -> None:
    somebody_else.take(timeout_s=0)

    assert Job.objects.count() == 0


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_processes_that_write_at_once_lose_nothing() -> None:
    count, each = 3, 30
    database = str(connection.settings_dict["NAME"])
    connection.close()
    module = "tests.core.writing_process"
    processes = [
        warm.start(
            [sys.executable, "-m", module, database, str(each)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _process in range(count)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            process.communicate("go\n", timeout=NOTHING_YET_S)
    finally:
        for process in processes:
            process.kill()
            process.wait()

    assert [process.returncode for process in processes] == [0] * count
    assert Job.objects.count() == count * each
