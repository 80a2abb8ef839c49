"""Erasures that outlive a restored backup.

Every erasure is noted in the vault, by random ids, before the data ends. The data keeps a copy of
each note that it has been through, in the transaction that ended the rows. Four things follow:

- A process that died in between left an open note; `finish` carries it out.
- A note that is closed here and unknown to the data: the data was put back to an older state.
- A note of the data that is unknown here: the vault was put back to an older state.
- In both cases nothing may be served until `replay` has ended again what came back.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bluegpt.core import clock
from bluegpt.core import erasures as data
from bluegpt.core.erasures import Note
from bluegpt.core.writing import write
from bluegpt.vault.errors import ErasuresMissing
from bluegpt.vault.models import Erasure
from bluegpt.vault.services import journal, keys
from bluegpt.vault.services.journal import VAULT
from bluegpt.vault.types import Standing

T = TypeVar("T")

_READ_AT_ONCE = 1_000
# Whoever has noted an erasure carries it out at once; after this time they have died.
_LEFT_ALONE = timedelta(minutes=1)


def erase(kind: str, subject: UUID | str) -> None:
    """Note that a thing ends, and end it.

    Inside a transaction of the data, the thing ends with that transaction; should it be undone,
    the erasure is still noted, and carried out by `finish`. Raises LookupError.
    """
    erase_each(kind, [subject])


def erase_each(kind: str, subjects: Iterable[UUID | str]) -> None:
    """`erase` for several things of a kind: all of them end, or none yet."""
    with transaction.atomic(using=VAULT, durable=True):
        notes = journal.enter(kind, [str(subject) for subject in subjects])
    _carry_out(notes)


def finish() -> int:
    """Carry out what was noted a minute ago or longer and never closed; returns how many."""
    left = Erasure.objects.filter(done_at=None, noted_at__lt=clock.now() - _LEFT_ALONE)
    done = 0
    for row in left.order_by("noted_at")[:_READ_AT_ONCE]:
        _carry_out([journal.noted(row)])
        done += 1
    return done


def standing() -> Standing:
    """How many erasures each database lacks; both nought is the only good answer."""
    return Standing(
        data_lacks=sum(len(batch) for batch in _lacking_in_data()),
        vault_lacks=sum(len(batch) for batch in _lacking_in_vault()),
    )


def is_caught_up() -> bool:
    """The quick look: whether the highest erasure is the same in both.

    It sees any state that was put back, at the cost of two index look-ups.
    """
    highest_done = (
        Erasure.objects.exclude(done_at=None)
        .order_by("-sequence")
        .values_list("sequence", flat=True)
        .first()
    )
    epoch = data.epoch()
    return (highest_done or 0) <= epoch <= journal.highest()


def insist_on_replay() -> None:
    """Raise ErasuresMissing while what was erased may be back."""
    if not standing().is_whole:
        raise ErasuresMissing


def replay() -> Standing:
    """End again what an older state has brought back, in order; returns what had been lacking.

    First the vault adopts the notes that only the data has, then the data goes through the notes
    that only the vault has. Repeatable; cut off in the middle, it goes on where it was.
    """
    in_vault = adopt(data.recorded())
    in_data = 0
    for batch in _lacking_in_data():
        _carry_out(batch)
        in_data += len(batch)
    keys.finish_destructions()
    return Standing(data_lacks=in_data, vault_lacks=in_vault)


def adopt(notes: Iterable[Note]) -> int:
    """Take over notes that the vault does not have, and end their keys; returns how many.

    They count as done: if the data does not know them either, nothing is served until it does.
    """
    adopted = 0
    for batch in _in_batches(notes):
        unknown = _unknown_to_vault(batch)
        lacking = list({note.id: note for note in batch if note.id in unknown}.values())
        if lacking:
            with transaction.atomic(using=VAULT, durable=True):
                _take_over(lacking)
        adopted += len(lacking)
    return adopted


def recorded() -> Iterator[Note]:
    """Every note of the vault, by number."""
    for batch in _batches():
        yield from (journal.noted(row) for row in batch)


def forget(*, before: datetime) -> int:
    """Drop notes that no backup can be older than, here and in the data; returns how many."""
    deleted, _per_model = Erasure.objects.filter(noted_at__lt=before).exclude(done_at=None).delete()
    data.forget(before=before)
    return deleted


def _carry_out(notes: Sequence[Note]) -> None:
    """One transaction of the data ends what is noted and copies the notes."""
    write(partial(_end, notes))


def _end(notes: Sequence[Note]) -> None:
    for note in notes:
        data.end(note)
    journal.close_after_commit(notes)


@data.ends(journal.KEY)
@data.ends(journal.PERSON)
def _nothing_in_data(_subject: str) -> None:
    """A key ends in the vault, with the note."""


def _take_over(notes: Sequence[Note]) -> None:
    now = clock.now()
    Erasure.objects.bulk_create(
        Erasure(
            id=note.id,
            sequence=note.sequence,
            kind=note.kind,
            subject=note.subject,
            noted_at=note.noted_at,
            done_at=now,
        )
        for note in notes
    )
    for note in notes:
        if note.kind == journal.KEY:
            keys.end_again(key_id=UUID(note.subject))
        elif note.kind == journal.PERSON:
            keys.bar_again(person_id=UUID(note.subject))


def _lacking_in_data() -> Iterator[list[Note]]:
    for batch in _batches():
        ids = data.unknown(row.id for row in batch if row.done_at is not None)
        lacking = [journal.noted(row) for row in batch if row.id in ids]
        if lacking:
            yield lacking


def _lacking_in_vault() -> Iterator[set[UUID]]:
    for batch in _in_batches(data.recorded()):
        lacking = _unknown_to_vault(batch)
        if lacking:
            yield lacking


def _unknown_to_vault(notes: Sequence[Note]) -> set[UUID]:
    asked = {note.id for note in notes}
    known = Erasure.objects.filter(id__in=asked).values_list("id", flat=True)
    return asked - set(known)


def _batches() -> Iterator[list[Erasure]]:
    """All notes in the order of their numbers: what was taken back is taken back after it."""
    number, last_id = 0, UUID(int=0)
    while True:
        # A number can stand twice, where a database that was put back gave it out again.
        left = Erasure.objects.filter(
            Q(sequence__gt=number) | Q(sequence=number, id__gt=last_id)
        ).order_by("sequence", "id")
        rows = list(left[:_READ_AT_ONCE])
        if not rows:
            return
        yield rows
        number, last_id = rows[-1].sequence, rows[-1].id


def _in_batches(items: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(items)
    while batch := list(islice(waiting, _READ_AT_ONCE)):
        yield batch
