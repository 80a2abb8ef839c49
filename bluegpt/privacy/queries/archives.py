"""A person's archive, while there is one."""

from datetime import datetime, timedelta
from uuid import UUID

from bluegpt.privacy.models import Archive, ArchiveReturn
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.archives import ArchiveKind, ArchiveState, ArchiveView, ReturnView

RETENTION_RULE = "archives"


def archive_of(person_id: UUID) -> ArchiveView | None:
    """What the person has asked for and not yet downloaded."""
    row = Archive.objects.filter(person_id=person_id).exclude(state=ArchiveState.TAKEN).first()
    if row is None:
        return None
    return ArchiveView(
        id=row.id,
        kind=ArchiveKind(row.kind),
        state=ArchiveState(row.state),
        asked_at=row.asked_at,
        expires_at=expires_at(row.ready_at) if row.ready_at else None,
        size_bytes=row.size_bytes,
    )


def return_of(person_id: UUID) -> ReturnView | None:
    """What became of the archive that the person brought back last."""
    row = ArchiveReturn.objects.filter(person_id=person_id).order_by("-brought_at").first()
    if row is None:
        return None
    return ReturnView(ended_at=row.ended_at, refusal=row.refusal, counts=row.counts)


def expires_at(ready_at: datetime) -> datetime:
    """When an archive ends that nobody downloads. The manifest gives the days."""
    return ready_at + timedelta(days=manifest().retention[RETENTION_RULE].duration.days_about)
