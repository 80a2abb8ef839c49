"""Who of the staff holds a role today."""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from bluegpt.accounts.queries.factors import factors
from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import StaffGrant
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.staff import areas_of
from bluegpt.privacy.rules.staffing import SHOWN

_TRIED_MAX = 100


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


def roles() -> str:
    """Whoever holds a role sees the kinds of data that it may, and never content.

    Raises NoEvidence.
    """
    declared = manifest().staff
    held = _held()
    unknown = sorted({role for each in held.values() for role in each} - declared.keys())
    if unknown:
        raise NoEvidence(
            _("Roles that the policy does not describe: %(roles)s.") % {"roles": ", ".join(unknown)}
        )
    for person_id, own in held.items():
        may = frozenset().union(*(declared[role].classes for role in own))
        sees = frozenset().union(*(SHOWN[area] for area in areas_of(person_id)))
        beyond = (sees - may) | (sees & {DataClass.CONTENT})
        if beyond:
            raise NoEvidence(
                _("Somebody of the staff sees what no role of theirs may: %(kinds)s.")
                % {"kinds": ", ".join(sorted(beyond))}
            )
    return _(
        "%(count)d people of the staff hold one of %(roles)d roles; the pages open to each show"
        " what these roles may see, and never what people write."
    ) % {"count": len(held), "roles": len(declared)}


def endings() -> str:
    """No role is held for longer than the policy says, and one that has ended opens nothing.

    Raises NoEvidence.
    """
    longest = {key: role.longest.days_about + 1 for key, role in manifest().staff.items()}
    current = StaffGrant.objects.filter(ends_at__gt=clock.now())
    for role, granted_at, ends_at in current.values_list("role", "granted_at", "ends_at"):
        if ends_at - granted_at > timedelta(days=longest.get(role, 0)):
            raise NoEvidence(_("A role is held for longer than the policy says."))
    ended = StaffGrant.objects.filter(ends_at__lte=clock.now()).order_by("-ends_at")
    former = set(ended.values_list("person_id", flat=True)[:_TRIED_MAX]) - _held().keys()
    if any(map(areas_of, former)):
        raise NoEvidence(_("A role that has ended still opens pages."))
    return _(
        "%(current)d roles are in force, each with an end in time; %(former)d people whose roles"
        " have ended were tried just now, and nothing opens to them."
    ) % {"current": current.count(), "former": len(former)}


def _held() -> dict[UUID, set[str]]:
    """The roles that people hold now."""
    held: dict[UUID, set[str]] = {}
    current = StaffGrant.objects.filter(ends_at__gt=clock.now())
    for person_id, role in current.values_list("person_id", "role"):
        held.setdefault(person_id, set()).add(role)
    return held
