"""Deaths that were shown to us."""

from uuid import UUID

from bluegpt.privacy.errors.deaths import UnknownDeath
from bluegpt.privacy.models import Archive, Death
from bluegpt.privacy.types.archives import ArchiveKind
from bluegpt.privacy.types.directives import DeathProof, DeathState, DeathView

PAGE = 50


def deaths(*, page: int = 1) -> tuple[DeathView, ...]:
    """A page of all of them, the newest first."""
    start = (page - 1) * PAGE
    rows = Death.objects.order_by("-recorded_at", "-id")[start : start + PAGE]
    return tuple(map(facts, rows))


def death(death_id: UUID) -> DeathView:
    """One of them. Raises UnknownDeath."""
    row = Death.objects.filter(id=death_id).first()
    if row is None:
        raise UnknownDeath
    return facts(row)


def facts(row: Death) -> DeathView:
    """A row as staff see it."""
    return DeathView(
        id=row.id,
        person_id=row.person_id,
        reference=row.reference,
        proof=DeathProof(row.proof),
        seen_on=row.seen_on,
        recorded_by=row.recorded_by,
        first_approver=row.first_approver,
        second_approver=row.second_approver,
        state=state_of(row),
    )


def state_of(row: Death) -> DeathState:
    """How far it has come."""
    if row.refused_at is not None:
        return DeathState.REFUSED
    if row.done_at is not None:
        return DeathState.DONE
    if row.sent_at is not None and row.handed_over_at is None:
        return DeathState.AWAITED
    if row.approved_at is not None:
        return DeathState.UNDER_WAY
    return DeathState.APPROVED_ONCE if row.first_approver is not None else DeathState.RECORDED


def waiting_archive(row: Death) -> Archive | None:
    """What waits for the trusted person, sealed."""
    return Archive.objects.filter(person_id=row.person_id, kind=ArchiveKind.HANDOVER).first()
