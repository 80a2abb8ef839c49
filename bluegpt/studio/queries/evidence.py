"""What the calls of the last days show."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries.holdings import undisclosed
from bluegpt.studio.models import Call

_DAYS = 7
_CALLS_MAX = 1_000
_NAMED_MAX = 5


def calls() -> str:
    """Each call that left and ended in the last week has its one record of who received it.

    A record is unique per call by a constraint of the database. Whoever erased their account took
    the records along, so their calls are not asked about. Raises NoEvidence with the calls that
    have none.
    """
    theirs = Exists(Person.objects.filter(id=OuterRef("person_id")))
    ended = Call.objects.filter(
        theirs,
        ended_at__gte=clock.now() - timedelta(days=_DAYS),
        dispatched_at__isnull=False,
    ).order_by("-ended_at")
    asked = set(ended.values_list("id", flat=True)[:_CALLS_MAX])
    silent = sorted(map(str, undisclosed(asked)))
    if silent:
        raise NoEvidence(
            _("Nothing says who received these calls: %(calls)s.")
            % {"calls": ", ".join(silent[:_NAMED_MAX])}
        )
    return _(
        "%(count)d calls left and ended in the last %(days)d days, each with one record of who"
        " received it."
    ) % {"count": len(asked), "days": _DAYS}
