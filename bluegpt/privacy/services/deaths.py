"""Following what somebody laid down for after their death. Source: loi 78-17, art. 85.

Staff record the proof that came with an heir's request; two different people agree that it shows
the death. From then on a job does the rest, one step after the other, and may be repeated: close
the account, erase what was to be erased, hand over to the trusted person by a link that serves
once, and erase that too once it was fetched. What was to be kept ends with its term. Where nothing
was laid down, the account is closed and the heirs ask for what the estate needs. Every step is an
act in the staff log, whose chain shows any change.
"""

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.people import person
from bluegpt.core import clock
from bluegpt.core.ids import new_secret
from bluegpt.core.jobs import Again, enqueue
from bluegpt.core.threads import in_thread
from bluegpt.mailroom.services import letters
from bluegpt.privacy.errors.archives import ArchiveGone
from bluegpt.privacy.errors.deaths import DeathKnown, DeathUnshown, UnknownDeath
from bluegpt.privacy.errors.matters import AlreadyDecided, SecondPersonNeeded
from bluegpt.privacy.models import Archive, Death, ErasureRun, Request
from bluegpt.privacy.queries.deaths import state_of, waiting_archive
from bluegpt.privacy.queries.directives import classes_wished, directions
from bluegpt.privacy.services import archives, death_notes, erasing, staff_log
from bluegpt.privacy.types.archives import ArchiveKind
from bluegpt.privacy.types.directives import DeathProof, DeathState, Wish
from bluegpt.privacy.types.receipts import ErasureScope
from bluegpt.privacy.types.requests import State
from bluegpt.privacy.types.rights import Right

FOLLOW_JOB = "privacy.follow_directives"
_LOOK_AGAIN_S = 1.0
_UNDECIDED = (DeathState.RECORDED, DeathState.APPROVED_ONCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The proof that staff saw, and the request with which it came. No copy of it is kept."""

    reference: str
    proof: DeathProof
    seen_on: date


def record(*, actor_id: UUID, person_id: UUID, shown: Shown) -> UUID:
    """Enter a death; nothing follows yet. Raises DeathUnshown, DeathKnown."""
    came = Request.objects.filter(reference=shown.reference.strip(), right=Right.HEIRS)
    if shown.seen_on > clock.now().date() or not came.exclude(state=State.RECEIVED).exists():
        raise DeathUnshown
    try:
        with transaction.atomic():
            row = Death.objects.create(
                person_id=person_id,
                reference=shown.reference.strip(),
                proof=shown.proof,
                seen_on=shown.seen_on,
                recorded_by=actor_id,
                recorded_at=clock.now(),
            )
            _note(row, "record", actor_id, {"proof": shown.proof.value})
    except IntegrityError:
        raise DeathKnown from None
    return row.id


def approve(*, actor_id: UUID, death_id: UUID) -> None:
    """Agree that it is shown, as the first or the second of two; the second one sets it going.

    Raises SecondPersonNeeded, AlreadyDecided, UnknownDeath.
    """
    with transaction.atomic():
        row = _undecided(death_id)
        if row.first_approver == actor_id:
            raise SecondPersonNeeded
        if row.first_approver is None:
            row.first_approver = actor_id
        else:
            row.second_approver, row.approved_at = actor_id, clock.now()
            _go_on(row)
        row.save()
        _note(row, "approve", actor_id)


def refuse(*, actor_id: UUID, death_id: UUID) -> None:
    """It is not shown; nothing follows. Raises AlreadyDecided, UnknownDeath."""
    with transaction.atomic():
        row = _undecided(death_id)
        row.refused_at = clock.now()
        row.save(update_fields=["refused_at"])
        _note(row, "refuse", actor_id)


def send_again(*, actor_id: UUID, death_id: UUID) -> None:
    """A new archive and a new link, when the last one was lost. Raises AlreadyDecided."""
    with transaction.atomic():
        row = _locked(death_id)
        if state_of(row) is not DeathState.AWAITED:
            raise AlreadyDecided
        row.sent_at, row.link_sha256 = None, ""
        row.save(update_fields=["sent_at", "link_sha256"])
        _go_on(row)
        _note(row, "send_again", actor_id)


def follow(death_id: UUID) -> None:
    """The next step, from wherever it stands. Raises Again while an erasure is under way."""
    row = Death.objects.filter(id=death_id, done_at=None).exclude(approved_at=None).first()
    if row is None:
        return
    if ErasureRun.objects.filter(person_id=row.person_id).exists():
        raise Again(delay_s=_LOOK_AGAIN_S)
    if row.erased_at is None:
        death_notes.close(row.person_id)
        _erase(row, Wish.ERASE, ErasureScope.WISHES, done="erased_at")
        raise Again(delay_s=_LOOK_AGAIN_S)
    if classes_wished(row.person_id, Wish.HAND_OVER):
        if row.handed_over_at is None:
            _hand_over(row)
            return
        if row.ended_at is None:
            _erase(row, Wish.HAND_OVER, ErasureScope.HANDED, done="ended_at")
            raise Again(delay_s=_LOOK_AGAIN_S)
    with transaction.atomic():
        _mark(row, "done_at")
        _note(row, "done", None)


def waiting(link: str) -> Archive:
    """What waits behind a link. Raises UnknownDeath."""
    found = waiting_archive(_behind(link))
    if found is None:
        raise UnknownDeath
    return found


def take(link: str) -> AsyncIterator[bytes]:
    """The one download. Whoever comes second finds nothing. Raises UnknownDeath."""
    row, archive = _behind(link), waiting(link)
    try:
        archives.take(person_id=row.person_id, archive_id=archive.id, kinds=(ArchiveKind.HANDOVER,))
    except ArchiveGone:
        raise UnknownDeath from None
    return _streamed(row, archive)


async def _streamed(row: Death, archive: Archive) -> AsyncIterator[bytes]:
    async for piece in archives.stream(person_id=row.person_id, archive_id=archive.id):
        yield piece
    await in_thread(_handed_over, row)  # to the last byte: only then may the rest end


def _handed_over(row: Death) -> None:
    with transaction.atomic():
        _mark(row, "handed_over_at")
        _go_on(row)
        _note(row, "handed_over", None)


def _erase(row: Death, wish: Wish, scope: ErasureScope, *, done: str) -> None:
    """Order it, and note that it was ordered; without such a wish only the note."""
    classes = classes_wished(row.person_id, wish)
    for data_class in sorted(classes):
        death_notes.followed(row.person_id, wish, data_class)
    if classes:
        trusted = directions(row.person_id).trusted
        erasing.order_wished(
            person_id=row.person_id,
            scope=scope,
            address=trusted.email if trusted else "",
            language=_language(row),
        )
    with transaction.atomic():
        _mark(row, done)
        _note(row, "erase", None, {"classes": " ".join(sorted(classes)) or "none"})


def _hand_over(row: Death) -> None:
    """Make the archive and send its link; without an address, staff write to them first."""
    trusted = directions(row.person_id).trusted
    if row.sent_at is not None or trusted is None or not trusted.email:
        return
    language = _language(row)
    archives.make_handover(person_id=row.person_id, language=language)
    link = new_secret()
    row.link_sha256 = erasing.link_sha256(link)
    with transaction.atomic():
        row.sent_at = clock.now()
        row.save(update_fields=["link_sha256", "sent_at"])
        _note(row, "send", None)
    letters.send(
        to=trusted.email,
        language=language,
        template="privacy/email/handover",
        facts={"link": link, "name": trusted.name},
    )


def _language(row: Death) -> str:
    try:
        return person(row.person_id).language or "fr"
    except UnknownPerson:
        return "fr"


def _behind(link: str) -> Death:
    digest = hashlib.sha256(link.encode()).hexdigest()
    row = Death.objects.filter(link_sha256=digest, handed_over_at=None).first()
    if row is None:
        raise UnknownDeath
    return row


def _undecided(death_id: UUID) -> Death:
    row = _locked(death_id)
    if state_of(row) not in _UNDECIDED:
        raise AlreadyDecided
    return row


def _locked(death_id: UUID) -> Death:
    row = Death.objects.select_for_update().filter(id=death_id).first()
    if row is None:
        raise UnknownDeath
    return row


def _mark(row: Death, step: str) -> None:
    setattr(row, step, clock.now())
    row.save(update_fields=[step])
    death_notes.taken(row.person_id, step)


def _go_on(row: Death) -> None:
    enqueue(FOLLOW_JOB, {"death_id": str(row.id)}, unique_key=str(row.id))


def _note(
    row: Death, what: str, actor_id: UUID | None, facts: Mapping[str, object] | None = None
) -> None:
    staff_log.note(actor_id=actor_id, verb=f"death.{what}", object_id=row.id, facts=facts)
