"""Privacy's background work."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from bluegpt.core import clock
from bluegpt.core.jobs import Again, Payload, every, job
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import (
    access_letters,
    accesses,
    announcing,
    archives,
    deaths,
    erasing,
    granting,
    inactivity,
    inactivity_letters,
    orphans,
    request_clocks,
    request_words,
    retention,
    returning,
    succession_ends,
    succession_notices,
    yearly_checks,
)
from bluegpt.privacy.services.succession_letters import MailIsAway
from bluegpt.privacy.services.successions import TELL_END_JOB, TELL_JOB
from bluegpt.privacy.services.versions import ANNOUNCE
from bluegpt.privacy.types.inactivity import Stage
from bluegpt.vault.services import erasures

_RULE = "erasures"  # of the chapter on retention
# At the queue's pace about twelve hours: a mail that something hangs on outlives a bad night.
_LETTER_ATTEMPTS_MAX = 20
_MAIL_AWAY_S = 15 * 60


@every("privacy.forget_erasures", seconds=24 * 3600)
def forget_erasures() -> None:
    """Drop the notes of erasures that no living backup can undo any more."""
    term = manifest().retention[_RULE].duration
    erasures.forget(before=clock.now() - timedelta(days=term.days_about))


@every("privacy.retention", seconds=24 * 3600)
def end_what_is_due() -> None:
    """End what is due, and attest it."""
    retention.run()


@every("privacy.close_unused", seconds=24 * 3600)
def close_unused() -> None:
    """Tell the owners of unused accounts, and close those that were told."""
    inactivity.run()


@job(inactivity.TELL_JOB, attempts_max=_LETTER_ATTEMPTS_MAX)
def tell_unused(payload: Payload) -> None:
    """The mail of one notice."""
    notice_id, stage = UUID(payload["notice_id"]), Stage(payload["stage"])
    inactivity_letters.tell(notice_id=notice_id, stage=stage)


@job(ANNOUNCE)
def announce_version(payload: Payload) -> None:
    """Write to people about a version that asks for it, a batch at a time."""
    if not announcing.tell_batch(payload["digest"]):
        raise Again(delay_s=1.0)


@job(archives.MAKE_JOB)
def make_archive(payload: Payload) -> None:
    """Write an archive that somebody asked for."""
    archives.make(UUID(payload["archive_id"]))


@job(returning.TAKE_IN_JOB)
def take_in_archive(payload: Payload) -> None:
    """Take in an archive that its owner brought back."""
    returning.take_in(UUID(payload["archive_id"]), UUID(payload["return_id"]))


@every("privacy.sweep_archives", seconds=600)
def sweep_archives() -> None:
    """End the archives that nobody came for."""
    archives.sweep()


@every("privacy.sweep_orphans", seconds=3600)
def sweep_orphans() -> None:
    """Remove the sealed files that nobody names, a part of the store every hour."""
    orphans.sweep()


@every("privacy.alert_due_requests", seconds=3600)
def alert_due_requests() -> None:
    """Tell staff which requests are half way through their term, near its end, or past it."""
    request_clocks.alert()


@every("privacy.lift_announced", seconds=3600)
def lift_announced() -> None:
    """End the freezes of which staff said that they end today."""
    granting.lift_announced()


@every("privacy.ask_to_check_data", seconds=24 * 3600)
def ask_to_check_data() -> None:
    """Ask people once a year whether what is known of them is still right."""
    yearly_checks.ask()


@job(erasing.ERASE_JOB)
def erase(payload: Payload) -> None:
    """Go through the steps of an erasure that was ordered, or that a backup has undone."""
    erasing.erase(payload["subject"])


@job(request_words.END_JOB)
def end_request_words(payload: Payload) -> None:
    """End what an erased person wrote to the desk."""
    request_words.end(UUID(payload["person_id"]))


@job(deaths.FOLLOW_JOB)
def follow_directives(payload: Payload) -> None:
    """Go on with what somebody laid down for after their death."""
    deaths.follow(UUID(payload["death_id"]))


@every("privacy.forget_receipts", seconds=24 * 3600)
def forget_receipts() -> None:
    """Delete the receipts whose term is over."""
    erasing.forget_receipts()


@job(accesses.TELL)
def tell_access(payload: Payload) -> None:
    """A mail to the person whose content may be seen."""
    access_letters.tell(access_id=UUID(payload["access_id"]))


@job(TELL_JOB)
def tell_of_succession(payload: Payload) -> None:
    """Write to people about the service changing hands, a batch at a time."""
    _write_on(payload, succession_notices.tell_batch)


@job(TELL_END_JOB)
def tell_of_succession_end(payload: Payload) -> None:
    """Write to those who were told that it was given up, a batch at a time."""
    _write_on(payload, succession_ends.tell_batch)


@every("privacy.tell_newcomers_of_succession", seconds=3600)
def tell_newcomers_of_succession() -> None:
    """Have those told who joined since, or could not be told the last time, of its end as well."""
    succession_notices.go_on()
    succession_ends.go_on()


def _write_on(payload: Payload, tell_batch: Callable[..., UUID | None]) -> None:
    after = payload.get("after")
    try:
        last = tell_batch(UUID(payload["succession_id"]), after=UUID(after) if after else None)
    except MailIsAway:
        raise Again(delay_s=_MAIL_AWAY_S) from None
    if last is not None:
        raise Again(delay_s=1.0, payload={**payload, "after": str(last)})
