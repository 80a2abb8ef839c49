"""Styles, scripts and pictures, gathered under names that change with their content."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

_STAMP = ".gathered"


def gather() -> bool:
    """Gather the static files into the data folder; False when they are all there already."""
    stamp = Path(settings.STATIC_ROOT) / _STAMP
    present = _fingerprint()
    if stamp.exists() and stamp.read_text() == present:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    # Written last: what was interrupted is done again.
    stamp.write_text(present)
    return True


def _fingerprint() -> str:
    """Changes with any source file's place, size or time of change."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = Path(storage.path(name)).stat()
            digest.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
