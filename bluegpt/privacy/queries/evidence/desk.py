"""Who of the staff holds a role today."""

from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.privacy.models import StaffGrant


def grants() -> str:
    """The roles of staff: each has an end."""
    return _("%(count)d roles of staff are in force, each with an end.") % {
        "count": StaffGrant.objects.filter(ends_at__gt=clock.now()).count()
    }
