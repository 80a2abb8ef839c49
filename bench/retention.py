"""How long the clock takes over a million due rows, and how long a writer waits beside it.

    python -m bench retention

The rows are disclosures past their term, made by the database itself. While they end, in batches
of one short transaction each, another thread adds a row every few milliseconds and notes how long
each of its commits took. On SQLite both share the one thread that writes; on PostgreSQL they do
not meet at all.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

from bench import databases
from bench.figures import percentile, table

ROWS = 1_000_000
_PAUSE_S = 0.005
_CHILD = "bench.retention"

_FILL = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
    " INSERT INTO privacy_disclosure SELECT printf('%032x', i), printf('%032x', i),"
    " printf('%032x', i % 1000), '2015-01-01 00:00:00', 'chat_answer', 'contract', 'openai', 'US',"
    " 'scc', 'content', '0' FROM n",
    "postgresql": "INSERT INTO privacy_disclosure SELECT lpad(to_hex(i), 32, '0')::uuid,"
    " lpad(to_hex(i), 32, '0')::uuid, lpad(to_hex(i % 1000), 32, '0')::uuid,"
    " '2015-01-01T00:00:00Z', 'chat_answer', 'contract', 'openai', 'US', 'scc', 'content', '0'"
    " FROM generate_series(1, {rows}) AS n(i)",
}


def run() -> None:
    """Measure each database in a process of its own, and print one table."""
    rows = []
    with databases.sqlite() as environment:
        rows.append(_measured("SQLite", environment))
    if databases.has_postgres():
        with databases.postgres() as environment:
            rows.append(_measured("PostgreSQL", environment))
    head = ("database", "rows ended", "seconds", "rows/s", "writes", "p50 ms", "p99 ms", "max ms")
    table("A retention run beside a writer", head, rows)


def _measured(name: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """One child's figures as a row."""
    done = subprocess.run(
        [sys.executable, "-m", _CHILD],
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        text=True,
    )
    facts = json.loads(done.stdout.splitlines()[-1])
    waits = facts["waits_ms"]
    return (
        name,
        f"{facts['ended']:,}",
        f"{facts['seconds']:.1f}",
        f"{facts['ended'] / facts['seconds']:,.0f}",
        f"{len(waits):,}",
        f"{percentile(waits, 0.5):.1f}",
        f"{percentile(waits, 0.99):.1f}",
        f"{max(waits):.1f}",
    )


def _child() -> None:
    from bluegpt.core.settings import use_django

    use_django()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bluegpt.privacy.services import retention

    for database in ("default", "vault"):
        call_command("migrate", database=database, verbosity=0)
    with connection.cursor() as cursor:
        # No parameters: the percent signs are the database's own.
        cursor.execute(_FILL[connection.vendor].format(rows=ROWS), None)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
    waits_ms: list[float] = []
    over = threading.Event()
    writer = threading.Thread(target=_write, args=(over, waits_ms))
    writer.start()
    began = time.monotonic()
    attestation = retention.run()
    seconds = time.monotonic() - began
    over.set()
    writer.join()
    assert attestation.is_clean, attestation.left
    ended = sum(attestation.ended.values())
    sys.stdout.write(json.dumps({"ended": ended, "seconds": seconds, "waits_ms": waits_ms}) + "\n")


def _write(over: threading.Event, waits_ms: list[float]) -> None:
    from django.db import connection

    from bluegpt.core import clock
    from bluegpt.core.ids import new_id
    from bluegpt.core.writing import write
    from bluegpt.privacy.models import Pseudonym

    def act() -> None:
        name = new_id()
        Pseudonym.objects.create(
            person_id=name, recipient="openai", value=name.hex, created_at=clock.now()
        )

    while not over.wait(_PAUSE_S):
        began = time.monotonic()
        write(act)
        waits_ms.append((time.monotonic() - began) * 1000)
    connection.close()


if __name__ == "__main__":
    _child()
