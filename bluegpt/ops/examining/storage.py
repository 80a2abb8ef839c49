"""The data folder, the keys in it, and the databases."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error as AnyDatabaseError
from django.db import connections

from bluegpt.core import clock
from bluegpt.core.models import Job
from bluegpt.credits.queries.last_check import last_check
from bluegpt.ops import demo, schema
from bluegpt.ops.errors import Complaint
from bluegpt.ops.examining.finding import Finding, ok, problem, warning
from bluegpt.ops.schema import SchemaState

_OTHERS = 0o077
_SPACE_MIN_BYTES = 1_000_000_000
_VERIFIED_WITHIN = timedelta(days=2)
_SECRETS = ("root.key", "secret.key")
_SETTING = {"default": "BLUEGPT_DATABASE_URL", "vault": "BLUEGPT_VAULT_DATABASE_URL"}
_STATES = {
    SchemaState.EMPTY: "is new; the next command that needs it makes its tables",
    SchemaState.BEHIND: "is older than this version; `bluegpt serve` brings it up to date",
    SchemaState.CURRENT: "is up to date",
    SchemaState.AHEAD: "was made by a newer version; use that one",
}


def folder() -> Iterator[Finding]:
    """It can be written to, by its owner alone, and has room."""
    data_dir: Path = settings.BLUEGPT.site.data_dir
    try:
        with tempfile.TemporaryFile(dir=data_dir):
            yield ok("data folder", f"{data_dir} can be written to")
    except OSError as error:
        yield problem("data folder", f"{data_dir} cannot be written to: {error.strerror}")
        return
    if data_dir.stat().st_mode & _OTHERS:
        yield warning("data folder", f"others on this machine may look into it: {_mend(data_dir)}")
    free_bytes = shutil.disk_usage(data_dir).free
    if free_bytes < _SPACE_MIN_BYTES:
        yield warning("data folder", f"only {free_bytes // 1_000_000} MB are free: make room")


def secrets() -> Iterator[Finding]:
    """Keys are their owner's alone. The root key is made when the first thing is sealed."""
    for name in _SECRETS:
        path: Path = settings.BLUEGPT.site.data_dir / name
        if not path.exists():
            yield ok(name, "is not there yet; it is made when it is first needed")
        elif path.stat().st_mode & _OTHERS:
            yield problem(name, f"others on this machine may read it: {_mend(path)}")
        elif not os.access(path, os.R_OK):
            yield problem(name, "cannot be read: run this as the owner of the data folder")
        else:
            yield ok(name, "is readable by its owner alone; keep a copy apart from the databases")


def databases() -> Iterator[Finding]:
    """Both answer, and have this version's tables."""
    for alias in connections:
        subject = f"database {alias}"
        place = connections[alias].settings_dict["NAME"]
        try:
            state = schema.state_of(alias)
        except AnyDatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            yield problem(subject, f"{place} does not answer: {reason}; look at {_SETTING[alias]}")
            continue
        is_well = state in {SchemaState.CURRENT, SchemaState.EMPTY}
        yield (ok if is_well else problem)(subject, f"{place} {_STATES[state]}")


def contents() -> Iterator[Finding]:
    """What the tables say about the installation. Only for databases that are up to date."""
    try:
        demo.refuse_in_production()
    except Complaint as complaint:
        yield problem("demo account", str(complaint))
    yield from _books()
    failed = Job.objects.filter(state=Job.State.FAILED).count()
    if failed:
        yield warning("jobs", f"{failed} have failed for good; the log of the server says why")
    else:
        yield ok("jobs", "none has failed for good")


def _books() -> Iterator[Finding]:
    """What the last verification found, and whether it is recent."""
    found = last_check()
    if found is None:
        yield ok("books", "were not verified yet; the worker does it every night")
    elif not found.is_sound:
        yield problem(
            "books", f"did not add up on {found.finished_at:%Y-%m-%d}: run `bluegpt ledger verify`"
        )
    elif found.finished_at < clock.now() - _VERIFIED_WITHIN:
        yield warning("books", f"were last verified on {found.finished_at:%Y-%m-%d}: no worker?")
    else:
        yield ok("books", f"added up on {found.finished_at:%Y-%m-%d %H:%M} UTC")


def _mend(path: Path) -> str:
    return f"run chmod {'700' if path.is_dir() else '600'} {path}"
