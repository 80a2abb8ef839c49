"""Studio's background work: what a dead process left, and files of deleted conversations."""

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from asgiref.sync import async_to_sync

from bluegpt.core import clock
from bluegpt.core.errors import BlueError
from bluegpt.core.jobs import every, job
from bluegpt.providers.services import usage_reports
from bluegpt.providers.services.chat import close_clients
from bluegpt.providers.types.reports import ReportFormat
from bluegpt.studio.flows import reconciliation
from bluegpt.studio.queries.calls import dead_calls
from bluegpt.studio.services.conversations import DELETE_FILES_JOB
from bluegpt.studio.services.recovery import interrupt
from bluegpt.studio.types.reconciling import ModelDay
from bluegpt.vault.services import files as vault_files

_BATCH_CALLS = 100

# A report may come late, or be put right: the days before are looked at again.
_DAYS_COMPARED = 3

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


@job(DELETE_FILES_JOB)
def delete_files(payload: Mapping[str, Any]) -> None:
    """Remove the sealed files of a deleted conversation. Deleting twice is no error."""
    vault_files.erase(payload["file_keys"])
