"""What people asked, chose and were refused: counts, never words."""

from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import LegalHold, Request, StaffGrant


def requests() -> str:
    """The requests there are, by whether they are answered."""
    return _("%(count)d requests, %(open)d waiting for an answer.") % {
        "count": Request.objects.count(),
        "open": Request.objects.filter(decided_at=None, closed_at=None).count(),
    }


def punctuality() -> str:
    """No request has waited beyond its due date."""
    waiting = Request.objects.filter(decided_at=None, closed_at=None)
    late = waiting.filter(due_on__lt=clock.now().date()).count()
    if late:
        raise NoEvidence(_("%(count)d requests are late.") % {"count": late})
    return _("%(count)d requests wait, none beyond its due date.") % {"count": waiting.count()}


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
