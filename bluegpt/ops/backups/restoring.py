"""Putting a backup in the place of what there is, without bringing back what was erased.

An archive is read to its end before anything changes. The notes of erasures are collected from
everything that may know more of them than the archive: the two databases of now, and every
archive beside it. What they name is ended again before anything is served.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from django.db import Error as AnyDatabaseError
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from bluegpt.core import clock, leases, worker
from bluegpt.core import erasures as data_notes
from bluegpt.core.erasures import Note
from bluegpt.core.models import Job
from bluegpt.ops import boot
from bluegpt.ops.backups import archives, databases, making
from bluegpt.ops.backups.archives import Contents
from bluegpt.ops.errors import Complaint
from bluegpt.privacy.types.backups import BackupKind as Kind
from bluegpt.vault.services import erasures, files, keys
from bluegpt.vault.types import Standing


def restore(path: Path, *, overwrite: bool) -> Standing:
    """Put an archive in place and end again what it brought back; returns what that was.

    Raises Complaint, with nothing changed, for an archive that is damaged, foreign or of another
    kind of database, and for a database with somebody in it unless `overwrite`.
    """
    put_back(path, overwrite=overwrite)
    return replay()


def put_back(path: Path, *, overwrite: bool) -> None:
    """The same without the replay: until it was done, nothing is served. Raises Complaint."""
    contents = archives.verified(path)
    kind = Kind(contents.kind)
    alias = making.ALIASES[kind]
    _check_fits(path, contents, alias)
    if not overwrite and databases.is_missed(alias):
        raise Complaint(
            f"There is an installation here, and {path.name} would replace its"
            f" {_WORDS[kind]}. Say --over if that is meant. Nothing has changed.",
            exit_code=1,
        )
    with boot.nobody_serves(), making.scratch(_folder_of(alias, path)) as place:
        known = place / "known.jsonl"
        _keep_notes(known)
        _put_in_place(path, kind, place)
        keys.forget_cached()
        boot.ready_databases(may_upgrade=True)
        erasures.adopt(_notes_in(known))
        for other in _others(path):
            erasures.adopt(_notes_of(other, place))
        erasures.adopt(data_notes.recorded())


def replay() -> Standing:
    """End again whatever came back, the jobs that this leaves included. Repeatable.

    A job that must wait for something is left to the server: it is in the queue and cannot be
    lost.
    """
    began_at = clock.now()
    found = erasures.replay()
    until_s = clock.monotonic_s() + _JOBS_S
    left = Job.objects.filter(created_at__gte=began_at, state=Job.State.READY)
    while clock.monotonic_s() < until_s:
        due = list(
            left.filter(run_at__lte=clock.now()).values_list("id", flat=True)[:_JOBS_AT_ONCE]
        )
        if not due:
            break
        for job_id in due:
            job = leases.claim_one(job_id, worker=worker.worker_name(), lease_s=leases.LEASE_S)
            if job is not None:
                worker.run(job)
    return found


_JOBS_S = 600.0
_JOBS_AT_ONCE = 100
_WORDS = {Kind.DATA: "database and files", Kind.VAULT: "keys"}


def _folder_of(alias: str, path: Path) -> Path:
    """A folder on the file system of an SQLite file, so that a snapshot can take its place."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        return Path(str(connection.settings_dict["NAME"])).parent
    return path.resolve().parent


def _check_fits(path: Path, contents: Contents, alias: str) -> None:
    vendor = connections[alias].vendor
    if contents.vendor != vendor:
        raise Complaint(
            f"{path} holds a database of {contents.vendor}; this installation uses {vendor}."
            " Nothing has changed.",
            exit_code=1,
        )
    loader = MigrationLoader(None)
    ours = {f"{app}.{name}" for app, name in loader.disk_migrations}
    if any(
        name.partition(".")[0] in loader.migrated_apps for name in {*contents.migrations} - ours
    ):
        raise Complaint(
            f"{path} was made by a newer version of BlueGPT. Use that version."
            " Nothing has changed.",
            exit_code=1,
        )


def _put_in_place(path: Path, kind: Kind, place: Path) -> None:
    with closing(sqlite3.connect("")) as seen:  # a temporary file of SQLite's own
        seen.execute("CREATE TABLE seen (key TEXT PRIMARY KEY) WITHOUT ROWID")
        for name, size_bytes, content in archives.members(path):
            if name == archives.DATABASE:
                _copy(content, place / name)
                databases.load(making.ALIASES[kind], place / name)
            elif name.startswith(archives.FILES):
                key = name.removeprefix(archives.FILES)
                seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", [key])
                _copy(content, place / "file")
                files.put_back(key, place / "file", size_bytes=size_bytes)
        if kind is Kind.DATA:
            _remove_unnamed(seen)


def _remove_unnamed(seen: sqlite3.Connection) -> None:
    """Files that came after the archive: no row names them any more."""
    for key in files.every_key():
        if seen.execute("SELECT 1 FROM seen WHERE key = ?", [key]).fetchone() is None:
            files.remove(key)


def _keep_notes(path: Path) -> None:
    """The notes of both databases of now, as far as they can be read."""
    with path.open("w", encoding="ascii") as lines:
        for notes in (erasures.recorded, data_notes.recorded):
            try:
                lines.writelines(making.line_of(note) for note in notes())
            except AnyDatabaseError:  # new, older than the journal, or broken: it knows nothing
                continue


def _others(path: Path) -> Iterator[Path]:
    """The archives beside this one, and those of the installation; itself as well."""
    found = {path.resolve()}
    for folder in (path.resolve().parent, making.folder()):
        found |= {each.path.resolve() for each in archives.archives_in(folder)}
    yield from sorted(found)


def _notes_of(path: Path, place: Path) -> Iterator[Note]:
    """The notes of an archive; none of one that cannot be trusted."""
    try:
        archives.verified(path)
    except (Complaint, OSError):
        return
    for name, _size, content in archives.members(path):
        if name == archives.ERASURES:
            _copy(content, place / name)
            break
    yield from _notes_in(place / archives.ERASURES)


def _notes_in(path: Path) -> Iterator[Note]:
    with path.open(encoding="ascii") as lines:
        for line in lines:
            said = json.loads(line)
            yield Note(
                id=UUID(said["id"]),
                sequence=said["sequence"],
                kind=said["kind"],
                subject=said["subject"],
                noted_at=datetime.fromisoformat(said["noted_at"]),
            )


def _copy(content: IO[bytes], path: Path) -> None:
    with path.open("wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
    path.chmod(0o600)
