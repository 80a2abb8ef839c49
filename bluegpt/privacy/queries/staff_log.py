"""The log of what staff did, and whether it is whole."""

from collections.abc import Iterator
from uuid import UUID

from bluegpt.privacy.models import StaffAct, StaffActHead
from bluegpt.privacy.rules import chaining
from bluegpt.privacy.types.staff_log import Act, Entry, Verified

PAGE = 50
_BATCH = 1_000


def entries(*, page: int = 1) -> tuple[Entry, ...]:
    """A page of the log, the newest first."""
    start = (page - 1) * PAGE
    rows = StaffAct.objects.order_by("-number")[start : start + PAGE]
    return tuple(map(entry, rows))


def acts_on(object_id: UUID) -> tuple[Entry, ...]:
    """What was done to one thing, the newest first."""
    rows = StaffAct.objects.filter(object_id=object_id).order_by("-number")[:PAGE]
    return tuple(map(entry, rows))


def verify() -> Verified:
    """Walk the chain from its oldest entry to its head, in batches; memory stays small.

    An altered, missing, added or cut-off entry breaks it. Somebody who can rewrite the whole
    database can also rewrite the whole chain: a head that was noted elsewhere shows that.
    """
    head = StaffActHead.objects.filter(id=1).first()
    head_number, head_digest = (head.number, head.digest) if head else (0, chaining.ROOT)
    before: Entry | None = None
    first = count = 0
    for found in _walk():
        first = first or found.number
        count += 1
        if not chaining.fits(found, before=before):
            return _verdict(count, first, (head_number, head_digest), found.number)
        before = found
    end = (before.number, before.digest) if before else (head_number, head_digest)
    # Entries may all have passed their term; the head then is all that is left.
    broken = None if end == (head_number, head_digest) else head_number
    return _verdict(count, first, (head_number, head_digest), broken)


def digest_at(number: int) -> str:
    """The digest of one entry; empty when there is none of this number."""
    found = StaffAct.objects.filter(number=number).values_list("digest", flat=True).first()
    return found or ""


def entry(row: StaffAct) -> Entry:
    """A row as others see it."""
    return Entry(
        number=row.number,
        at=row.at,
        act=Act(actor_id=row.actor_id, verb=row.verb, object_id=row.object_id, facts=row.facts),
        previous_digest=row.previous_digest,
        digest=row.digest,
    )


def _walk() -> Iterator[Entry]:
    last = 0
    while rows := list(StaffAct.objects.filter(number__gt=last).order_by("number")[:_BATCH]):
        yield from map(entry, rows)
        last = rows[-1].number


def _verdict(count: int, first: int, head: tuple[int, str], broken_at: int | None) -> Verified:
    return Verified(
        entries=count,
        first=first,
        head_number=head[0],
        head_digest=head[1],
        broken_at=broken_at,
    )
