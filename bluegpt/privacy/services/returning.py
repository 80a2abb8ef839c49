"""Archives that come back: received in sealed pieces, looked at as a whole, then taken in by a job.

Nothing is written before all of it was read and found whole. What is written belongs to a series
of ids that the return's own row gives, so a run that was cut off is simply begun again, as is the
same archive brought a second time. Whatever ends the archive (its owner, an erasure) ends the
writing at its next batch.
"""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bluegpt.core import clock
from bluegpt.core.errors import BlueError
from bluegpt.core.ids import new_id, numbered_id
from bluegpt.core.jobs import enqueue
from bluegpt.core.portable import portables
from bluegpt.core.writing import write
from bluegpt.privacy.errors.archives import (
    AccountNotEmpty,
    ArchiveBroken,
    ArchiveGone,
    ArchiveTooLarge,
    ArchiveUnderWay,
)
from bluegpt.privacy.models import Archive, ArchiveReturn
from bluegpt.privacy.queries.standing import check_not_restricted
from bluegpt.privacy.services import archives
from bluegpt.privacy.services.archive_pieces import Cancelled, PieceWriter
from bluegpt.privacy.services.archive_reading import (
    ARCHIVE_BYTES_MAX,
    RECORDS_MAX,
    ArchiveReader,
    PieceReader,
    kinds,
)
from bluegpt.privacy.types.archives import ArchiveKind, ArchiveState

TAKE_IN_JOB = "privacy.take_in_archive"
_BUFFER_BYTES = 64_000


def bring(*, person_id: UUID, chunks: Iterable[bytes], language: str) -> UUID:
    """Receive an archive, seal it as it comes, and have it taken in; the return's id.

    One that is here already stays as it is. Raises UseRestricted, ArchiveUnderWay,
    ArchiveTooLarge, ArchiveGone when it was cancelled meanwhile.
    """
    return _brought(person_id, chunks, language, is_queued=True)[1]


def bring_now(*, person_id: UUID, chunks: Iterable[bytes], language: str) -> None:
    """The same at once, for whoever waits. Raises as `bring`."""
    take_in(*_brought(person_id, chunks, language, is_queued=False))


def take_in(archive_id: UUID, return_id: UUID) -> None:
    """Look at all of it, then write all of it; from the beginning if repeated.

    What is wrong with it is noted for its owner, as an error's code.
    """
    archive = Archive.objects.filter(id=archive_id, kind=ArchiveKind.INCOMING).first()
    row = ArchiveReturn.objects.filter(id=return_id, ended_at=None).first()
    if archive is None:
        return
    if row is not None:
        try:
            _take_in(archive, row)
        except Cancelled:
            return
        except BlueError as refusal:
            _end_return(return_id, refusal=refusal.code)
    archives.end(archive_id, archive.person_id)


def _brought(
    person_id: UUID, chunks: Iterable[bytes], language: str, *, is_queued: bool
) -> tuple[UUID, UUID]:
    """The archive's id, ready to be taken in, and its return's."""
    check_not_restricted(person_id)
    archive_id = _opened(person_id, language)
    try:
        writer = PieceWriter(archive_id=archive_id, person_id=person_id)
        digest = _received(writer, chunks)
    except Cancelled:
        raise ArchiveGone from None
    except BaseException:
        archives.end(archive_id, person_id)
        raise
    with transaction.atomic():
        return_id = _noted(person_id, digest)
        ready = Archive.objects.filter(id=archive_id, state=ArchiveState.MAKING).update(
            state=ArchiveState.READY, ready_at=clock.now(), size_bytes=writer.size_bytes
        )
        if not ready:
            raise ArchiveGone
        if is_queued:
            payload = {"archive_id": str(archive_id), "return_id": str(return_id)}
            enqueue(TAKE_IN_JOB, payload, unique_key=str(archive_id))
    return archive_id, return_id


class _Incoming:
    """The archive as products read it. See `core.portable.Incoming`."""

    def __init__(self, archive: Archive, series: UUID) -> None:
        self.person_id: UUID = archive.person_id
        self._archive_id = archive.id
        self._series = series
        self._reader = ArchiveReader(
            # A ZIP is read in small steps; the buffer spares most of them.
            io.BufferedReader(
                PieceReader(archive_id=archive.id, person_id=archive.person_id), _BUFFER_BYTES
            )
        )
        self._numbers: dict[tuple[str, UUID], int] = {}

    def check(self) -> None:
        self._reader.check_digests()
        for kind in kinds():
            for values in self._reader.records(kind):
                if "id" in values:
                    self._count(kind, values["id"])

    def records(self, kind: str) -> Iterator[Mapping[str, Any]]:
        return self._reader.records(kind)

    def media(self, path: str) -> bytes:
        return self._reader.media(path)

    def media_chunks(self, path: str) -> Iterator[bytes]:
        return self._reader.media_chunks(path)

    def new_id(self, kind: str, old_id: str) -> UUID:
        number = self._numbers.get((kind, _uuid(old_id)))
        if number is None:
            raise ArchiveBroken
        return numbered_id(self._series, number)

    def write(self, act: Callable[[], None]) -> None:
        def guarded() -> None:
            # The row is the lock: an erasure that began meanwhile has ended it.
            mine = Archive.objects.select_for_update().filter(id=self._archive_id)
            if not mine.values_list("id", flat=True):
                raise Cancelled
            act()

        write(guarded)

    def _count(self, kind: str, old_id: str) -> None:
        name = (kind, _uuid(old_id))
        if name in self._numbers:
            raise ArchiveBroken
        if len(self._numbers) >= RECORDS_MAX:
            raise ArchiveTooLarge
        self._numbers[name] = len(self._numbers)


def _take_in(archive: Archive, row: ArchiveReturn) -> None:
    check_not_restricted(archive.person_id)
    incoming = _Incoming(archive, row.id)
    incoming.check()
    if row.begun_at is None:
        if not is_empty(archive.person_id):
            raise AccountNotEmpty
        for portable in portables():
            portable.back.check(incoming)
        ArchiveReturn.objects.filter(id=row.id).update(begun_at=clock.now())
    counts: dict[str, int] = {}
    for portable in portables():
        counts.update(portable.back.take_in(incoming))
    _end_return(row.id, counts=counts)


def is_empty(person_id: UUID) -> bool:
    """Whether nothing is here that an archive could come beside."""
    return all(portable.back.is_empty(person_id) for portable in portables())


def _opened(person_id: UUID, language: str) -> UUID:
    try:
        with transaction.atomic():
            archive = Archive.objects.create(
                person_id=person_id,
                kind=ArchiveKind.INCOMING,
                state=ArchiveState.MAKING,
                language=language,
                asked_at=clock.now(),
            )
    except IntegrityError:
        raise ArchiveUnderWay from None
    return archive.id


def _received(writer: PieceWriter, chunks: Iterable[bytes]) -> str:
    """Seal it piece by piece; its SHA-256."""
    digest = hashlib.sha256()
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > ARCHIVE_BYTES_MAX:
            raise ArchiveTooLarge
        digest.update(chunk)
        writer.write(chunk)
    writer.finish()
    return digest.hexdigest()


def _noted(person_id: UUID, digest: str) -> UUID:
    """The return of this archive. One that is under way or whole goes on under its own id."""
    known = ArchiveReturn.objects.filter(person_id=person_id, sha256=digest).first()
    if known is not None:
        is_here = known.ended_at is not None and not known.refusal and not is_empty(person_id)
        is_under_way = known.begun_at is not None and known.ended_at is None
        if is_here or is_under_way:
            ArchiveReturn.objects.filter(id=known.id).update(brought_at=clock.now())
            return known.id
        known.delete()  # refused, or its conversations were deleted: new ones have new ids
    row = ArchiveReturn.objects.create(
        id=new_id(), person_id=person_id, sha256=digest, brought_at=clock.now()
    )
    return row.id


def _end_return(
    return_id: UUID, *, refusal: str = "", counts: Mapping[str, int] | None = None
) -> None:
    ArchiveReturn.objects.filter(id=return_id).update(
        ended_at=clock.now(), refusal=refusal, counts=dict(counts or {})
    )


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise ArchiveBroken from None
