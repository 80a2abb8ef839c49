"""Privacy's background work."""

from datetime import timedelta
from uuid import UUID

from bluegpt.core import clock
from bluegpt.core.jobs import Again, Payload, every, job
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import announcing, archives, retention
from bluegpt.privacy.services.versions import ANNOUNCE
from bluegpt.vault.services import erasures

_RULE = "erasures"  # of the chapter on retention


@every("privacy.forget_erasures", seconds=24 * 3600)
def forget_erasures() -> None:
    """Drop the notes of erasures that no living backup can undo any more."""
    term = manifest().retention[_RULE].duration
    erasures.forget(before=clock.now() - timedelta(days=term.days_about))


@every("privacy.retention", seconds=24 * 3600)
def end_what_is_due() -> None:
    """End what is due, and attest it."""
    retention.run()


@job(ANNOUNCE)
def announce_version(payload: Payload) -> None:
    """Write to people about a version that asks for it, a batch at a time."""
    if not announcing.tell_batch(payload["digest"]):
        raise Again(delay_s=1.0)


@job(archives.MAKE_JOB)
def make_archive(payload: Payload) -> None:
    """Write an archive that somebody asked for."""
    archives.make(UUID(payload["archive_id"]))


@every("privacy.sweep_archives", seconds=600)
def sweep_archives() -> None:
    """End the archives that nobody came for."""
    archives.sweep()
