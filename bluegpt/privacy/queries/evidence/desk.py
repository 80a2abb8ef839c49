"""What people asked, chose and were refused: counts, never words."""

from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.privacy.models import LegalHold, StaffGrant


def holds() -> str:
    """What a law keeps: each hold has its law and its end."""
    today = clock.now().date()
    return _("%(count)d legal holds, %(open)d in force, each with its law and its last day.") % {
        "count": LegalHold.objects.count(),
        "open": LegalHold.objects.filter(lifted_at=None, ends_on__gte=today).count(),
    }


def grants() -> str:
    """The roles of staff: each has an end."""
    return _("%(count)d roles of staff are in force, each with an end.") % {
        "count": StaffGrant.objects.filter(ends_at__gt=clock.now()).count()
    }
