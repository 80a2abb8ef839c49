"""Who of the staff holds a role today."""

from django.utils.translation import gettext as _

from bluegpt.accounts.queries.factors import factors
from bluegpt.core import clock
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import StaffGrant


def second_factors() -> str:
    """Everybody with a role today has a second step at log-in. Raises NoEvidence."""
    current = StaffGrant.objects.filter(ends_at__gt=clock.now())
    people = set(current.values_list("person_id", flat=True))
    without = 0
    for person_id in people:
        own = factors(person_id)
        without += not (own.has_authenticator_app or own.passkeys)
    if without:
        raise NoEvidence(
            _("%(count)d people have a role of staff and no second step.") % {"count": without}
        )
    return _("All %(count)d people who have a role of staff today log in with a second step.") % {
        "count": len(people)
    }


def grants() -> str:
    """The roles of staff: each has an end."""
    return _("%(count)d roles of staff are in force, each with an end.") % {
        "count": StaffGrant.objects.filter(ends_at__gt=clock.now()).count()
    }
