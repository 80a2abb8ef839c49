"""A process that writes, for the tests of many that do.

    python -m tests.core.writing_process DATABASE COUNT

Says "ready", waits for a line, and adds COUNT jobs: by turns in an act, in a transaction of its
own, and in a single statement.
"""

import sys

import django
from django.db import connections, transaction

django.setup()

from bluegpt.core.models import Job  # noqa: E402 - the app registry comes first
from bluegpt.core.writing import write  # noqa: E402


def note() -> None:
    """One more row, in one statement."""
    Job.objects.bulk_create([Job(name="test.note", payload={}, attempts_max=1)])


def note_in_a_transaction() -> None:
    """The same between BEGIN and COMMIT."""
    with transaction.atomic():
        note()


if __name__ == "__main__":
    database, count = sys.argv[1:]
    connections["default"].settings_dict["NAME"] = database
    connections.settings["default"]["NAME"] = database
    ways = [lambda: write(note), note_in_a_transaction, note]

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for number in range(int(count)):
        ways[number % len(ways)]()
