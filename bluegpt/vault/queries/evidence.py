"""What the vault shows, for the policy's clauses about encryption and erasure."""

import stat
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.vault.adapters import file_store
from bluegpt.vault.adapters.root_key import NAME, root_key
from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.models import ClassKey, Destruction, Erasure, Tombstone
from bluegpt.vault.rules import envelope
from bluegpt.vault.types import FILE

_OPENED_MAX = 20
_LOOKED_FOR_MAX = 20
# Jobs that were interrupted are taken up again long before.
_HANGS_AFTER = timedelta(days=1)
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
    """No erasure hangs, no destroyed key is back, and the files erased last are gone.

    Raises VaultUnsound.
    """
    since = clock.now() - _HANGS_AFTER
    if (
        Destruction.objects.filter(done_at=None, asked_at__lt=since).exists()
        or Erasure.objects.filter(done_at=None, noted_at__lt=since).exists()
    ):
        raise VaultUnsound(_("An erasure was not carried out within a day."))
    for_good = Destruction.objects.filter(data_class="", person_id__isnull=False)
    if ClassKey.objects.filter(
        Q(id__in=Tombstone.objects.values("key_id")) | Q(person_id__in=for_good.values("person_id"))
    ).exists():
        raise VaultUnsound(_("A key that was destroyed is there again."))
    files = Erasure.objects.filter(kind=FILE, done_at__lt=since).order_by("-sequence")
    last = list(files.values_list("subject", flat=True)[:_LOOKED_FOR_MAX])
    if any(map(file_store.is_there, last)):
        raise VaultUnsound(_("A file that was erased is there again."))
    return _(
        "%(count)d destructions of keys, and no destroyed key is there; of the %(files)d files"
        " erased last, looked for just now, none is."
    ) % {"count": Destruction.objects.count(), "files": len(last)}


def _path() -> Path:
    folder: Path = settings.BLUEGPT.site.data_dir
    return folder / NAME
