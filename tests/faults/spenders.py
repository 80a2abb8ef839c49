"""Processes that spend at once: `python -m tests.faults.spenders COUNT`, one job on its input.

The first process imports everything and opens nothing, the others are its forks: they are ready
before the first of them spends. It prints how many calls each of them was let through.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any
from uuid import UUID

THREADS = 5


def _spend(job: dict[str, Any]) -> int:
    """All calls of one process, in threads; how many were let through."""
    books = import_module("tests.credits.books")
    refused = import_module("bluegpt.credits.errors").InsufficientCredits
    person_id = UUID(job["person_id"])

    def spend(_number: int) -> int:
        try:
            books.hold(person_id, job["amount"])
        except refused:
            return 0
        return 1

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(spend, range(job["calls"])))


def _child(job: dict[str, Any], *, start: int, writing: int) -> None:
    status = 1
    try:
        os.read(start, 1)  # ends when the parent lets everybody go
        os.write(writing, str(_spend(job)).encode())
        status = 0
    finally:
        os._exit(status)


def _main(count: int) -> None:
    import_module("django").setup()
    import_module("tests.credits.books")  # so that no child has to
    connections = import_module("django.db").connections
    connections.settings["default"]["NAME"] = os.environ["TEST_DATABASE_NAME"]
    job = json.loads(sys.stdin.read())
    start, go = os.pipe()
    pipes = []
    for _process in range(count):
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.close(go)
            _child(job, start=start, writing=writing)
        os.close(writing)
        pipes.append(reading)
    os.close(go)
    passed = [int(os.read(reading, 16)) for reading in pipes]
    sys.stdout.write(json.dumps(passed))


if __name__ == "__main__":
    _main(int(sys.argv[1]))
