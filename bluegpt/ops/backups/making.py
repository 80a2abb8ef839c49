"""Making a backup while the service runs.

The database first, the files after it: a file is older than the row that names it, so the copy
never lacks one, except those that were erased meanwhile, whose rows the replay ends as well.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections

from bluegpt.core import clock
from bluegpt.core.erasures import Note
from bluegpt.ops.backups import archives, databases
from bluegpt.ops.backups.archives import Writer
from bluegpt.privacy.types.backups import BackupKind as Kind
from bluegpt.vault.errors import UnknownFile
from bluegpt.vault.services import erasures, files

_FOLDER_MODE = 0o700
_SCRATCH = ".making-"
ALIASES = {Kind.DATA: "default", Kind.VAULT: "vault"}


def folder() -> Path:
    """Where archives are kept."""
    site = settings.BLUEGPT.site
    return Path(site.backups_dir).expanduser().resolve() if site.backups_dir else _own_folder()


def make(kind: Kind) -> Path:
    """Write an archive of one kind; its path. Raises Complaint."""
    alias = ALIASES[kind]
    made_at = clock.now()
    place = folder()
    place.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
    path = place / archives.name_of(kind, made_at)
    with scratch(place) as making, Writer(path) as archive:
        databases.dump(alias, making / archives.DATABASE)
        # After the database, so that the notes reach at least as far as it does.
        write_notes(making / archives.ERASURES)
        for name in (archives.ERASURES, archives.DATABASE):
            with (making / name).open("rb") as content:
                archive.add(name, content, (making / name).stat().st_size)
            (making / name).unlink()
        if kind is Kind.DATA:
            _add_files(archive, making)
        archive.seal(
            kind=kind,
            made_at=made_at,
            vendor=connections[alias].vendor,
            migrations=databases.applied_migrations(alias),
        )
    return path


def write_notes(path: Path) -> None:
    """The vault's journal of erasures, a line each."""
    with open(path, "w", encoding="ascii", opener=_private) as lines:
        lines.writelines(line_of(note) for note in erasures.recorded())


def line_of(note: Note) -> str:
    """A note as a line of JSON."""
    said = {
        "id": str(note.id),
        "sequence": note.sequence,
        "kind": note.kind,
        "subject": note.subject,
        "noted_at": note.noted_at.isoformat(),
    }
    return json.dumps(said) + "\n"


@contextmanager
def scratch(place: Path) -> Iterator[Path]:
    """A folder for halves of things, beside the archives, gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=place))
    try:
        yield made
    finally:
        shutil.rmtree(made)


def left_behind(place: Path) -> Iterator[Path]:
    """What a process that was killed has left of a backup."""
    yield from place.glob(f"{_SCRATCH}*")
    yield from place.glob(".*.tar.part")


def _add_files(archive: Writer, making: Path) -> None:
    """Each file by way of the disk: a store may give other bytes than it has promised."""
    copy = making / "file"
    for key in files.every_key():
        try:
            size_bytes = files.copy_to(key, copy)
        except UnknownFile:  # erased in the meantime
            continue
        with copy.open("rb") as content:
            archive.add(f"{archives.FILES}{key}", content, size_bytes)


def _own_folder() -> Path:
    data_dir: Path = settings.BLUEGPT.site.data_dir
    return data_dir / "backups"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
