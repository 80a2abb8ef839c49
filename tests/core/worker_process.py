"""A worker in a process of its own, for the test that kills it.

    python -m tests.core.worker_process DATABASE NOTES LEASE_S HANG_S

Works until it is killed, or until the job is done.
"""

import os
import sys
import time
from pathlib import Path

import django
from django.db import connections

django.setup()

from bluegpt.core import jobs  # noqa: E402 - the app registry comes first
from bluegpt.core.models import Job  # noqa: E402
from bluegpt.core.worker import Worker  # noqa: E402

if __name__ == "__main__":
    database, notes, lease_s, hang_s = sys.argv[1:]
    connections["default"].settings_dict["NAME"] = database
    connections.settings["default"]["NAME"] = database

    jobs.known.clear()  # this test's job, and no schedule

    @jobs.job("test.slow")
    def slow(payload: jobs.Payload) -> None:
        """Note the start, take a while, note the end."""
        with Path(notes).open("a") as file:
            file.write(f"start {payload['id']} {os.getpid()} {time.time()}\n")
        time.sleep(float(hang_s))
        with Path(notes).open("a") as file:
            file.write(f"end {payload['id']} {os.getpid()} {time.time()}\n")

    worker = Worker(threads=1, lease_s=float(lease_s), poll_s=0.05)
    worker.start()
    while Job.objects.filter(name="test.slow").exists():
        time.sleep(0.05)
    worker.stop(timeout_s=5)
