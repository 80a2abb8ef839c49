"""What the vault shows, for the policy's clauses about encryption and erasure."""

from django.utils.translation import gettext as _

from bluegpt.vault.models import ClassKey, Destruction


def keys() -> str:
    """How many keys there are, each wrapped under the root key."""
    return _("%(count)d keys, one per person and kind of data, each wrapped.") % {
        "count": ClassKey.objects.count()
    }


def destructions() -> str:
    """How many destructions of keys were asked for, and carried out."""
    return _("%(done)d of %(asked)d destructions of keys are carried out.") % {
        "done": Destruction.objects.filter(done_at__isnull=False).count(),
        "asked": Destruction.objects.count(),
    }
