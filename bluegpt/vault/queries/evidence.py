"""What the vault shows, for the policy's clauses about encryption and erasure."""

import stat
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from bluegpt.vault.adapters.root_key import NAME, root_key
from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.models import ClassKey, Destruction
from bluegpt.vault.rules import envelope

_OPENED_MAX = 20
_OTHERS = 0o077


class VaultUnsound(Exception):
    """A key does not open, or the root key is within reach of others."""


def keys() -> str:
    """The newest keys, opened just now: each is wrapped under the root key. Raises VaultUnsound."""
    newest = ClassKey.objects.order_by("-created_at")[:_OPENED_MAX]
    opened = 0
    for row in newest:
        try:
            envelope.unwrap(
                bytes(row.wrapped),
                key_id=row.id,
                root=root_key(),
                person_id=row.person_id,
                data_class=row.data_class,
            )
        except CannotOpen:
            raise VaultUnsound(_("A key does not open under the root key.")) from None
        opened += 1
    return _(
        "%(count)d keys, one per person and kind of data; the newest %(opened)d, opened just now,"
        " are wrapped under the root key."
    ) % {"count": ClassKey.objects.count(), "opened": opened}


def root_key_file() -> str:
    """The root key is a file for its owner alone, outside the databases. Raises VaultUnsound."""
    path = _path()
    if not path.exists():
        return _("The root key is not there yet: it is made when the first thing is sealed.")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        raise VaultUnsound(_("Others on this machine may read the root key."))
    return _("The root key lies in a file of mode %(mode)s, which its owner alone can read.") % {
        "mode": f"{mode:o}"
    }


def destructions() -> str:
    """How many destructions of keys were asked for, and carried out."""
    return _("%(done)d of %(asked)d destructions of keys are carried out.") % {
        "done": Destruction.objects.filter(done_at__isnull=False).count(),
        "asked": Destruction.objects.count(),
    }


def _path() -> Path:
    folder: Path = settings.BLUEGPT.site.data_dir
    return folder / NAME
