"""The vault's background work."""

from collections.abc import Mapping
from typing import Any

from asgiref.sync import async_to_sync

from bluegpt.core import jobs
from bluegpt.vault.services import erasures, files, keys


@jobs.every("vault.finish_destructions", seconds=60)
def finish_destructions() -> None:
    """Overwrite what is left of destroyed keys."""
    keys.finish_destructions()


@jobs.every("vault.finish_erasures", seconds=60)
def finish_erasures() -> None:
    """Carry out the erasures whose process died between the note and the end."""
    erasures.finish()


@jobs.job(files.DELETE_JOB)
def delete_files(payload: Mapping[str, Any]) -> None:
    """Remove sealed files that an older state has brought back. Deleting twice is no error."""
    for key in payload["file_keys"]:
        async_to_sync(files.delete)(key)
