"""A worker killed in the middle of a job: another one takes over after one lease."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from bluegpt.core.models import Job
from tests import warm

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

LEASE_S = 2.0
NOTHING_YET_S = 30.0


def worker_process(notes: Path, *, hang_s: float) -> subprocess.Popen[bytes]:
    database = str(connection.settings_dict["NAME"])
    module = "tests.core.worker_process"
    return warm.start(
        [sys.executable, "-m", module, database, str(notes), str(LEASE_S), str(hang_s)]
    )


def lines(notes: Path, *, at_least: int) -> list[list[str]]:
    """The notes of the workers, once there are that many."""
    deadline = time.monotonic() + NOTHING_YET_S
    while time.monotonic() < deadline:
        written = notes.read_text().splitlines() if notes.exists() else []
        if len(written) >= at_least:
            return [line.split() for line in written]
        time.sleep(0.02)
    raise AssertionError("the workers wrote nothing")


def test_a_job_of_a_killed_worker_is_resumed_after_one_lease(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    Job.objects.create(name="test.slow", payload={"id": "one"}, attempts_max=5)
    connection.close()  # the processes are alone with the database

    victim = worker_process(notes, hang_s=60)
    heir = None
    try:
        lines(notes, at_least=1)
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait()
        killed_at = time.time()
        heir = worker_process(notes, hang_s=0)

        first, second, end = lines(notes, at_least=3)
        assert heir.wait(NOTHING_YET_S) == 0
    finally:
        for process in filter(None, (victim, heir)):
            process.kill()
            process.wait()

    assert first[:2] == second[:2] == ["start", "one"]
    assert end[0] == "end"
    assert end[2] == second[2] != first[2]
    # Not before the lease has run out, and soon after; the heir has to start, too.
    assert float(first[3]) + LEASE_S < float(second[3]) < killed_at + LEASE_S + 15
    assert not Job.objects.exists()
