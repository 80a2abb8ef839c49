"""Archives that people ask for: asked, made by a job, downloaded once, and gone.

What protects one: a fresh log-in (the door asks for it), a mail before it is made, a key of its own
under the person's name in the vault, one download, and two days at most. Whatever ends it destroys
the key first, so that no piece can be read while the rest is being tidied away.
"""

from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from bluegpt.accounts.queries.people import person
from bluegpt.core import clock
from bluegpt.core.jobs import enqueue
from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.mailroom.services import letters
from bluegpt.privacy.errors.archives import ArchiveGone, ArchiveUnderWay
from bluegpt.privacy.models import Archive
from bluegpt.privacy.queries.archives import expires_at
from bluegpt.privacy.services import archive_making, archive_pieces, requests
from bluegpt.privacy.services.archive_pieces import Cancelled, PieceWriter
from bluegpt.privacy.types.archives import ArchiveKind, ArchiveState
from bluegpt.privacy.types.rights import Right
from bluegpt.vault.services import seal

MAKE_JOB = "privacy.make_archive"
# A download that began and never ended: its process died, or its reader left without a word.
_TAKEN_MAX = timedelta(hours=6)
_FOR_THE_PERSON = (ArchiveKind.ACCESS, ArchiveKind.PORTABLE)
_MAKING_MAX = timedelta(days=1)


def ask(*, person_id: UUID, kind: ArchiveKind, language: str) -> UUID:
    """Have an archive made; its id. Raises ArchiveUnderWay while the person has one."""
    try:
        with transaction.atomic():
            archive = Archive.objects.create(
                person_id=person_id,
                kind=kind,
                state=ArchiveState.MAKING,
                language=language,
                asked_at=clock.now(),
            )
            enqueue(MAKE_JOB, {"archive_id": str(archive.id)}, unique_key=str(archive.id))
    except IntegrityError:
        raise ArchiveUnderWay from None
    return archive.id


def make(archive_id: UUID) -> None:
    """Tell the person by mail, then write the archive, sealed. From the beginning if repeated."""
    archive = Archive.objects.filter(id=archive_id, state=ArchiveState.MAKING).first()
    if archive is None or archive.kind == ArchiveKind.INCOMING:
        return
    if archive.alerted_at is None:
        _tell(archive, "archive_asked")
        Archive.objects.filter(id=archive_id).update(alerted_at=clock.now())
    archive_pieces.drop(archive_id)  # of a run that died
    writer = PieceWriter(archive_id=archive_id, person_id=archive.person_id)
    try:
        archive_making.write(archive, writer)
        writer.finish()
    except (Cancelled, IntegrityError):
        end(archive_id, archive.person_id)
        return
    ready = Archive.objects.filter(id=archive_id, state=ArchiveState.MAKING).update(
        state=ArchiveState.READY, ready_at=clock.now(), size_bytes=writer.size_bytes
    )
    if ready:
        _tell(archive, "archive_ready")
    else:
        end(archive_id, archive.person_id)


def make_handover(*, person_id: UUID, language: str) -> None:
    """Write, at once and without a word to anybody, what is handed over after a death.

    From the beginning if repeated. Raises Cancelled.
    """
    cancel(person_id=person_id)
    archive = Archive.objects.create(
        person_id=person_id,
        kind=ArchiveKind.HANDOVER,
        state=ArchiveState.MAKING,
        language=language,
        asked_at=clock.now(),
    )
    writer = PieceWriter(archive_id=archive.id, person_id=person_id)
    archive_making.write(archive, writer)
    writer.finish()
    Archive.objects.filter(id=archive.id).update(
        state=ArchiveState.READY, ready_at=clock.now(), size_bytes=writer.size_bytes
    )


def cancel(*, person_id: UUID) -> None:
    """End the person's archive, whatever its state; without one, nothing happens."""
    for archive_id in Archive.objects.filter(person_id=person_id).values_list("id", flat=True):
        end(archive_id, person_id)


def take(
    *, person_id: UUID, archive_id: UUID, kinds: Collection[ArchiveKind] = _FOR_THE_PERSON
) -> None:
    """Begin the one download of an archive; whoever comes second gets ArchiveGone."""
    since = clock.now() - archive_term()
    waiting = Archive.objects.filter(
        id=archive_id,
        person_id=person_id,
        kind__in=kinds,
        state=ArchiveState.READY,
        ready_at__gt=since,
    )
    with transaction.atomic():
        kind = waiting.values_list("kind", flat=True).first()
        if not waiting.update(state=ArchiveState.TAKEN, taken_at=clock.now()):
            raise ArchiveGone
        is_portable = kind == ArchiveKind.PORTABLE
        right = Right.PORTABILITY if is_portable else Right.ACCESS
        requests.note_act(person_id=person_id, right=right)


async def stream(*, person_id: UUID, archive_id: UUID) -> AsyncIterator[bytes]:
    """The bytes of an archive that was taken; it ends with the download, however that ends."""
    try:
        async for piece in archive_pieces.read(archive_id=archive_id, person_id=person_id):
            yield piece
    finally:
        await in_thread(end, archive_id, person_id)


def sweep() -> int:
    """End what has waited too long or was left half-way; returns how many."""
    now = clock.now()
    stale = (
        Archive.objects.filter(state=ArchiveState.READY, ready_at__lte=now - archive_term())
        | Archive.objects.filter(state=ArchiveState.TAKEN, taken_at__lte=now - _TAKEN_MAX)
        | Archive.objects.filter(state=ArchiveState.MAKING, asked_at__lte=now - _MAKING_MAX)
    )
    found = list(stale.values_list("id", "person_id"))
    for archive_id, person_id in found:
        end(archive_id, person_id)
    return len(found)


def archive_term() -> timedelta:
    """How long an archive waits, by the manifest."""
    moment = clock.now()
    return expires_at(moment) - moment


def end(archive_id: UUID, person_id: UUID) -> None:
    """Key, files, rows, in this order. Repeatable."""
    seal.destroy_keys(person_id=person_id, data_class=DataClass.ARCHIVE)
    # No longer in the making: a job that still writes stops at its next piece.
    archive_pieces.drop(archive_id)
    Archive.objects.filter(id=archive_id).delete()


def _tell(archive: Archive, letter: str) -> None:
    reader = person(archive.person_id)
    letters.send(
        to=reader.email,
        language=reader.language or archive.language,
        template=f"privacy/email/{letter}",
        facts={"archive": archive},
    )
