"""Studio's background work: what a dead process left, and files of deleted conversations."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync

from bluegpt.core import clock
from bluegpt.core.errors import BlueError
from bluegpt.core.jobs import Again, every, job
from bluegpt.providers.services import usage_reports
from bluegpt.providers.services.chat import close_clients
from bluegpt.providers.types.reports import ReportFormat
from bluegpt.studio.flows import filming, reconciliation
from bluegpt.studio.queries import films
from bluegpt.studio.queries.calls import dead_calls
from bluegpt.studio.services.conversations import DELETE_FILES_JOB
from bluegpt.studio.services.films import FORGET_JOB, forget_later, take_up
from bluegpt.studio.services.recovery import interrupt
from bluegpt.studio.services.stopping import FILM_JOB
from bluegpt.studio.types.reconciling import ModelDay
from bluegpt.vault.services import files as vault_files

_BATCH_CALLS = 100

# A report may come late, or be put right: the days before are looked at again.
_DAYS_COMPARED = 3

# How long a film can be changed or carried on at the provider, which keeps it for that.
_KEPT_AT_PROVIDER = timedelta(days=30)

# Takes a film on; the seconds until it has to be looked at again, None when it has not.
Step = Callable[[UUID], Awaitable[float | None]]

_log = logging.getLogger(__name__)


@every("studio.interrupted", seconds=5)
def settle_interrupted() -> None:
    """Close the answers whose process died: keep their text, settle what was used."""
    for call_id in dead_calls(limit=_BATCH_CALLS):
        interrupt(call_id=call_id)


@every("studio.reconcile", seconds=24 * 3600)
def reconcile() -> None:
    """Compare the last days with the reports of the providers whose report can be read."""
    today = clock.now().date()
    for form in filter(usage_reports.has_access, ReportFormat):
        for days_ago in range(_DAYS_COMPARED, 0, -1):
            day = today - timedelta(days=days_ago)
            try:
                models = async_to_sync(_compare)(form, day)
            except BlueError as error:
                _log.warning("%s's report of %s could not be read: %s", form, day, error.code)
                continue
            for model in models:
                if not model.is_explained:
                    _log.warning("%s of %s on %s differs from its report", model.model, form, day)


async def _compare(form: ReportFormat, day: date) -> tuple[ModelDay, ...]:
    try:
        return await reconciliation.with_report(form, day=day)
    finally:
        # This loop ends here, and its connections with it.
        await close_clients()


@job(FILM_JOB)
def film(payload: Mapping[str, Any]) -> None:
    """Take a film on as far as it goes now, and look again later."""
    _again(async_to_sync(_alone)(filming.walk, UUID(payload["creation_id"])))


@job(FORGET_JOB)
def forget_film(payload: Mapping[str, Any]) -> None:
    """Have a provider delete what it holds of a film."""
    _again(async_to_sync(_alone)(filming.forget, UUID(payload["creation_id"])))


@every("studio.films", seconds=60)
def take_up_films() -> None:
    """Give a job to each film that has none: one whose job failed too often, or was lost."""
    for creation_id in films.standing_still(limit=_BATCH_CALLS):
        take_up(creation_id)
    before = clock.now() - _KEPT_AT_PROVIDER
    forget_later(films.kept_too_long(before=before, limit=_BATCH_CALLS))


async def _alone(step: Step, creation_id: UUID) -> float | None:
    try:
        return await step(creation_id)
    finally:
        # This loop ends here, and its connections with it.
        await close_clients()


def _again(delay_s: float | None) -> None:
    if delay_s is not None:
        raise Again(delay_s=delay_s)


@job(DELETE_FILES_JOB)
def delete_files(payload: Mapping[str, Any]) -> None:
    """Remove the sealed files of a deleted conversation. Deleting twice is no error."""
    vault_files.erase(payload["file_keys"])
