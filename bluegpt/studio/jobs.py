"""Studio's background work: what a dead process left, and files of deleted conversations."""

from collections.abc import Mapping
from typing import Any

from asgiref.sync import async_to_sync

from bluegpt.core.jobs import every, job
from bluegpt.studio.queries.calls import dead_calls
from bluegpt.studio.services.conversations import DELETE_FILES_JOB
from bluegpt.studio.services.recovery import interrupt
from bluegpt.vault.services import files as vault_files

_BATCH_CALLS = 100


@every("studio.interrupted", seconds=5)
def settle_interrupted() -> None:
    """Close the answers whose process died: keep their text, settle what was used."""
    for call_id in dead_calls(limit=_BATCH_CALLS):
        interrupt(call_id=call_id)


@job(DELETE_FILES_JOB)
def delete_files(payload: Mapping[str, Any]) -> None:
    """Remove the sealed files of a deleted conversation. Deleting twice is no error."""
    for key in payload["file_keys"]:
        async_to_sync(vault_files.delete)(key)
