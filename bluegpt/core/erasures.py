"""The data's own copy of the journal of erasures, and how each kind of them is carried out.

What is erased is noted in the vault first (`bluegpt.vault.services.erasures`); its note is copied
here in the transaction that ends the rows. So each database can tell when the other one has been
put back to an older state: it lacks notes that this one has.

An ending does database work of the default database only, takes what it ends by a random id, and
does nothing where that is gone already. Files end by a job that it enqueues.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from bluegpt.core.models import AppliedErasure

Ending = Callable[[str], None]

_READ_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One erasure: what kind of thing, and its random id. No name, no content."""

    id: UUID
    sequence: int
    kind: str
    subject: str
    noted_at: datetime


_endings: dict[str, Ending] = {}


def ends(kind: str) -> Callable[[Ending], Ending]:
    """Register how a kind of thing ends. Raises ValueError when the kind is taken."""

    def register(ending: Ending) -> Ending:
        if kind in _endings:
            raise ValueError(f"two functions end {kind!r}")
        _endings[kind] = ending
        return ending

    return register


def end(note: Note) -> None:
    """End what the note names and keep the note, inside the caller's transaction.

    Raises LookupError for a kind that this version does not know.
    """
    if note.kind not in _endings:
        raise LookupError(f"nothing ends {note.kind!r}")
    _endings[note.kind](note.subject)
    record([note])


def record(notes: Iterable[Note]) -> None:
    """Keep notes. Twice is once."""
    rows = [
        AppliedErasure(
            id=note.id,
            sequence=note.sequence,
            kind=note.kind,
            subject=note.subject,
            noted_at=note.noted_at,
        )
        for note in notes
    ]
    AppliedErasure.objects.bulk_create(rows, ignore_conflicts=True)


def epoch() -> int:
    """The highest erasure that this data has been through; 0 for none."""
    highest: int | None = AppliedErasure.objects.aggregate(Max("sequence"))["sequence__max"]
    return highest or 0


def unknown(ids: Iterable[UUID]) -> set[UUID]:
    """Those of a batch of ids that this data has not been through."""
    asked = set(ids)
    known = AppliedErasure.objects.filter(id__in=asked).values_list("id", flat=True)
    return asked - set(known)


def recorded() -> Iterator[Note]:
    """Every note that is kept here, in no order, a batch at a time."""
    after = UUID(int=0)
    while rows := list(AppliedErasure.objects.filter(id__gt=after).order_by("id")[:_READ_AT_ONCE]):
        yield from (
            Note(
                id=row.id,
                sequence=row.sequence,
                kind=row.kind,
                subject=row.subject,
                noted_at=row.noted_at,
            )
            for row in rows
        )
        after = rows[-1].id


def forget(*, before: datetime) -> int:
    """Drop what was noted before an instant; returns how many notes."""
    deleted, _per_model = AppliedErasure.objects.filter(noted_at__lt=before).delete()
    return deleted
