"""Sealing the journal: runs of transfers that can no longer change become blocks of a chain.

A transfer never changes, but on PostgreSQL a lower sequence can be committed after a higher one.
So the horizon is fixed first: the highest sequence that is committed now. Whoever writes to the
journal has its table's writer lock before drawing a sequence, and keeps it to the end of the
transaction. Once everybody is gone who had that lock when the horizon was read, every sequence up
to the horizon is committed or will never be. Nobody is stopped from writing meanwhile. SQLite has
one writer at a time: there, what is committed is the horizon.
"""

import logging
from collections.abc import Sequence
from itertools import islice

from django.db import connection, transaction

from bluegpt.credits.queries import blocks, dialect
from bluegpt.credits.queries.blocks import Run
from bluegpt.credits.rules.merkle import BLOCK_TRANSFERS_MAX, NO_BLOCK, RUN_LEAVES, Header, root_of

_LOOKS_MAX = 200
_WAIT = "SELECT pg_sleep(0.05)"  # between two looks: ten seconds in all

_WRITERS = (
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND relation = 'credits_transfer'::regclass AND pid IS DISTINCT FROM pg_backend_pid()"
    " AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',"
    " 'AccessExclusiveLock')"
)
_INSERT = (
    "INSERT INTO credits_block (number, first_sequence, last_sequence, transfer_count, branches,"
    " root, previous_digest, digest, sealed_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)

_log = logging.getLogger(__name__)


def seal() -> int:
    """Seal all that can no longer change, in blocks of BLOCK_TRANSFERS_MAX; how many blocks.

    Memory holds one run of transfers and one block's branches. Whoever comes second at the same
    time stops, and the first one's block stands.
    """
    horizon = _horizon()
    if horizon is None:
        _log.warning("somebody writes to the journal for long; it is sealed next time")
        return 0
    head = blocks.head()
    number, previous = (head.number, head.digest) if head else (0, NO_BLOCK)
    sealed = 0
    runs = blocks.runs(after=head.last_sequence if head else 0, until=horizon)
    while block := list(islice(runs, BLOCK_TRANSFERS_MAX // RUN_LEAVES)):
        number += 1
        digest = _write(block, number=number, previous_digest=previous)
        if digest is None:
            break
        previous = digest
        sealed += 1
    return sealed


def _write(runs: Sequence[Run], *, number: int, previous_digest: str) -> str | None:
    """Write one block; its digest, or None when somebody else has sealed these transfers."""
    sealed_at = dialect.now()
    header = Header(
        number=number,
        first_sequence=runs[0].first_sequence,
        last_sequence=runs[-1].last_sequence,
        transfer_count=sum(run.count for run in runs),
        root=root_of([run.root for run in runs]).hex(),
        previous_digest=previous_digest,
        sealed_at=blocks.spelled(sealed_at),
    )
    with transaction.atomic():
        written = dialect.run(
            _INSERT,
            header.number,
            header.first_sequence,
            header.last_sequence,
            header.transfer_count,
            b"".join(blocks.branch_of(run) for run in runs),
            header.root,
            header.previous_digest,
            header.digest,
            sealed_at,
        )
    return header.digest if written == 1 else None


def _horizon() -> int | None:
    """The highest sequence below which nothing can appear any more; None if writers stay long."""
    found = dialect.row("SELECT coalesce(max(sequence), 0) FROM credits_transfer")
    assert found is not None
    if connection.vendor == "postgresql" and not _writers_have_ended():
        return None
    return int(found[0])


def _writers_have_ended() -> bool:
    """Wait for those who write to the journal now; newcomers do not matter."""
    writers = {row[0] for row in dialect.rows(_WRITERS)}
    for _look in range(_LOOKS_MAX):
        if not writers:
            return True
        dialect.row(_WAIT)
        writers &= {row[0] for row in dialect.rows(_WRITERS)}
    return not writers
