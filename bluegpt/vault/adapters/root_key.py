"""The root key: a file of mode 600 in the data folder, made at the first start.

It wraps every class key and leaves the process never. Back it up apart from the databases:
whoever has both reads everything, and without it nothing can be read again.
"""

from functools import cache
from pathlib import Path

from django.conf import settings

from bluegpt.core.settings import SettingsError, kept_secret

NAME = "root.key"
_BYTES = 32
_OTHERS = 0o077


def root_key() -> bytes:
    """The 32 bytes. Raises SettingsError for a file that others may read, or of another size."""
    return _read(settings.BLUEGPT.site.data_dir)


@cache
def _read(data_dir: Path) -> bytes:
    key = kept_secret(data_dir, NAME, length_bytes=_BYTES)
    path = data_dir / NAME
    if path.stat().st_mode & _OTHERS:
        raise SettingsError(f"{path} can be read by other users; run chmod 600 on it")
    if len(key) != _BYTES:
        raise SettingsError(f"{path} does not hold a root key of {_BYTES} bytes")
    return key
