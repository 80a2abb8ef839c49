"""The end of backups: an archive whose life is over is deleted, though it be the last one.

The policy promises the day, and erasure rests on it. Copies that were carried elsewhere end there.
"""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from bluegpt.core import clock
from bluegpt.ops.backups import archives, making
from bluegpt.ops.backups.archives import Named
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.backups import BackupKind as Kind

_HALVES_KEPT = timedelta(days=1)


def kept(kind: Kind) -> timedelta:
    """How long archives of a kind live, as the policy says."""
    return timedelta(days=manifest().backups.windows[kind].kept.days)


def is_over(archive: Named, *, now: datetime) -> bool:
    """Whether the archive should be gone."""
    return archive.made_at + kept(archive.kind) <= now


def overdue() -> list[Named]:
    """Archives that should be gone."""
    now = clock.now()
    return [each for each in archives.archives_in(making.folder()) if is_over(each, now=now)]


def last(kind: Kind) -> Named | None:
    """The newest archive of a kind."""
    found = [each for each in archives.archives_in(making.folder()) if each.kind is kind]
    return found[-1] if found else None


def prune() -> list[Path]:
    """Delete what is over, and what killed backups left; returns the archives."""
    ended = [each.path for each in overdue()]
    for path in ended:
        path.unlink(missing_ok=True)
    before = (clock.now() - _HALVES_KEPT).timestamp()
    for path in list(making.left_behind(making.folder())):
        if path.stat().st_mtime < before:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return ended
