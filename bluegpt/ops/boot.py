"""From a data folder to databases that can be used."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings

from bluegpt.core import settings as core_settings
from bluegpt.core.settings import Environment
from bluegpt.ops import schema
from bluegpt.ops.errors import Complaint
from bluegpt.ops.schema import SchemaState

_OURS_ALONE = 0o077


def start_django(data_dir: Path | None) -> None:
    """Read the settings and load the apps. Raises SettingsError or Complaint."""
    # Databases, mail and keys are nobody else's business on this machine.
    os.umask(_OURS_ALONE)
    if data_dir is not None:
        core_settings.use_data_dir(data_dir)
    core_settings.use_django()
    try:
        django.setup()
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        raise Complaint(f"The data folder cannot be used: {error.strerror}{place}.") from None


def ready_databases(*, may_upgrade: bool = False) -> bool:
    """Make new databases, bring older ones up to date; True when they are new.

    Outside of production every command brings them up to date; there, only one that says it may.
    Raises Complaint.
    """
    may_upgrade |= settings.BLUEGPT.site.environment is not Environment.PRODUCTION
    with one_at_a_time("migrate"):
        state = schema.state()
        if state is SchemaState.AHEAD:
            raise Complaint(
                "The databases were made by a newer version of BlueGPT. Use that version."
            )
        if state is SchemaState.BEHIND and not may_upgrade:
            raise Complaint(
                "The databases are older than this version. `bluegpt serve` brings them up to"
                " date when it starts."
            )
        if state is not SchemaState.CURRENT:
            schema.migrate()
        return state is SchemaState.EMPTY


def data_dir() -> Path:
    """The data folder of this installation."""
    path: Path = settings.BLUEGPT.site.data_dir
    return path


@contextmanager
def serving() -> Iterator[None]:
    """Serve: until this ends, nobody replaces the databases. Raises Complaint."""
    with _held(fcntl.LOCK_SH, "A backup is being restored. Start again when that is done."):
        yield


@contextmanager
def nobody_serves() -> Iterator[None]:
    """Replace databases: until this ends, nobody serves. Raises Complaint."""
    with _held(fcntl.LOCK_EX, "A server runs on this data folder. Stop it first."):
        yield


@contextmanager
def _held(how: int, complaint: str) -> Iterator[None]:
    with (data_dir() / ".serving.lock").open("w") as file:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Complaint(complaint, exit_code=1) from None
        yield


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Keep other commands on this data folder out until it is done."""
    path = settings.BLUEGPT.site.data_dir / f".{name}.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
