"""The journal of erasures in the vault: notes are entered, copied into the data, and closed."""

from collections.abc import Iterable, Sequence
from functools import partial

from django.db import connections, transaction
from django.db.models import Max

from bluegpt.core import clock, erasures
from bluegpt.core.erasures import Note
from bluegpt.core.writing import write
from bluegpt.vault.models import Erasure

VAULT = "vault"
KEY = "vault.key"  # the subject is a key's id
PERSON = "vault.person"  # no key of this person may be made again

_ONE_AT_A_TIME = 0x6572_6173  # the advisory lock of whoever gives out numbers


def enter(kind: str, subjects: Iterable[str]) -> list[Note]:
    """Note erasures in the caller's transaction of the vault, which must be committed before
    anything ends."""
    assert connections[VAULT].in_atomic_block
    # A state that was put back must give out no number that the other database has seen.
    number = max(highest(), erasures.epoch())
    rows = [
        Erasure(sequence=number + place, kind=kind, subject=subject)
        for place, subject in enumerate(subjects, start=1)
    ]
    Erasure.objects.bulk_create(rows)
    return [noted(row) for row in rows]


def highest() -> int:
    """The highest number given out; inside a transaction, nobody else gives out another."""
    connection = connections[VAULT]
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    found: int | None = Erasure.objects.aggregate(Max("sequence"))["sequence__max"]
    return found or 0


def copy(notes: Sequence[Note]) -> None:
    """Let the data keep notes whose erasure is the vault's alone, and close them."""

    def record() -> None:
        erasures.record(notes)
        close_after_commit(notes)

    if notes:
        write(record)


def close_after_commit(notes: Sequence[Note]) -> None:
    """Close notes once the data's transaction around this has committed."""
    transaction.on_commit(partial(close, notes))


def close(notes: Sequence[Note]) -> None:
    """Say that the data has been through them."""
    Erasure.objects.filter(id__in=[note.id for note in notes], done_at=None).update(
        done_at=clock.now()
    )


def noted(row: Erasure) -> Note:
    """A row as a note."""
    return Note(
        id=row.id,
        sequence=row.sequence,
        kind=row.kind,
        subject=row.subject,
        noted_at=row.noted_at,
    )
