"""What the registers of staff show: glass, authorities and breaches, held against the log."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import AuthorityRequest, Breach, ContentAccess, LegalHold, StaffAct
from bluegpt.privacy.queries import staff_log
from bluegpt.privacy.queries.breaches import view
from bluegpt.privacy.rules import breaching
from bluegpt.privacy.types.breaches import Risk

_PROBE = timedelta(seconds=1)


def accesses() -> str:
    """Each look at content in the log fell into an access that somebody else had opened.

    Raises NoEvidence when the log is broken, or one look did not.
    """
    _whole_log()
    looks = 0
    for act in StaffAct.objects.filter(verb="access.see").iterator(chunk_size=500):
        looks += 1
        allowed = ContentAccess.objects.filter(
            Q(id=act.object_id, asked_by=act.actor_id, approved_by__isnull=False),
            ~Q(approved_by=F("asked_by")),
            opened_at__lte=act.at,
            closes_at__gte=act.at,
        )
        if not allowed.exists():
            raise NoEvidence(
                _("Act %(number)d looked at content behind a closed glass.")
                % {"number": act.number}
            )
    return _(
        "%(asked)d accesses asked for, %(opened)d opened by a second person; each of %(looks)d"
        " looks in the log fell into one of them, and the log is whole."
    ) % {
        "asked": ContentAccess.objects.count(),
        "opened": ContentAccess.objects.filter(opened_at__isnull=False).count(),
        "looks": looks,
    }


def authorities() -> str:
    """Each export carries two approvals that the log knows, of two people, before it.

    Looks as far back as the log goes. Raises NoEvidence.
    """
    exports = AuthorityRequest.objects.filter(exported_at__isnull=False)
    checked = exports.filter(received_at__gte=_log_begins_at())
    for row in checked.iterator(chunk_size=200):
        approvers = _actors("authority.approve", row.id, before=row.exported_at)
        if len(approvers) < 2 or approvers != {row.first_approver, row.second_approver}:
            raise NoEvidence(
                _("The log knows no two approvals of the request %(id)s.") % {"id": row.id}
            )
    return _(
        "%(count)d requests of authorities, %(exports)d of them handed over; for %(checked)d"
        " the log, as far as it goes back, knows two approvals by two people."
    ) % {
        "count": AuthorityRequest.objects.count(),
        "exports": exports.count(),
        "checked": checked.count(),
    }


def breaches() -> str:
    """Nobody still waits to be told, and the clock, tried just now, does not let 72 hours pass.

    Raises NoEvidence.
    """
    now = clock.now()
    tried = breaching.people_clock(
        risk=Risk.HIGH, aware_at=now - timedelta(hours=72) - _PROBE, told_at=None, now=now
    )
    if not tried.is_overdue:
        raise NoEvidence(_("The clock of breaches lets more than 72 hours pass."))
    high = late = 0
    for row in Breach.objects.filter(risk=Risk.HIGH).iterator(chunk_size=200):
        people = view(row).people
        high, late = high + 1, late + people.is_overdue
        if people.is_overdue and people.done_at is None:
            raise NoEvidence(_("Somebody at high risk has not been told within 72 hours."))
    return _(
        "%(count)d breaches on record, %(high)d of high risk, whose people were told late in"
        " %(late)d cases and wait beyond 72 hours in none; one made up just now would."
    ) % {"count": Breach.objects.count(), "high": high, "late": late}


def holds() -> str:
    """Each hold in force was placed by its author, as the log knows. Raises NoEvidence."""
    in_force = LegalHold.objects.filter(lifted_at=None, ends_on__gte=clock.now().date())
    checked = in_force.filter(created_at__gte=_log_begins_at())
    for row in checked.iterator(chunk_size=500):
        if _actors("hold.place", row.id, before=clock.now()) != {row.author_id}:
            raise NoEvidence(_("Nobody is known to have placed the hold %(id)s.") % {"id": row.id})
    return _(
        "%(count)d legal holds, %(open)d in force, each with its law and its last day; the log"
        " knows the author of %(checked)d, of all that it goes back to."
    ) % {
        "count": LegalHold.objects.count(),
        "open": in_force.count(),
        "checked": checked.count(),
    }


def _whole_log() -> None:
    broken = staff_log.verify().broken_at
    if broken is not None:
        raise NoEvidence(_("The log of staff is broken at %(number)d.") % {"number": broken})


def _log_begins_at() -> datetime:
    """The instant of the oldest act that is left; now, when there is none."""
    first = StaffAct.objects.order_by("number").values_list("at", flat=True).first()
    return first or clock.now()


def _actors(verb: str, object_id: UUID, *, before: datetime | None) -> set[UUID | None]:
    acts: Iterable[UUID | None] = StaffAct.objects.filter(
        verb=verb, object_id=object_id, at__lte=before or clock.now()
    ).values_list("actor_id", flat=True)
    return set(acts)
