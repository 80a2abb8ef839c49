"""That nothing is handed over when the service changes hands before people were told."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import StaffAct, Succession, SuccessionBundle, SuccessionNotice
from bluegpt.privacy.queries import staff_log
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import succeeding, terms
from bluegpt.privacy.types.successions import SuccessionState

_MOMENT = timedelta(seconds=1)


def told_first() -> str:
    """Every bundle of the register came after two approvals and the notice of all in it.

    The rule is tried just now on one that was made up: a second too early is refused. Raises
    NoEvidence.
    """
    _try_the_rule()
    if staff_log.verify().broken_at is not None:
        raise NoEvidence(_("The log of staff is broken."))
    first = StaffAct.objects.order_by("number").first()
    approved = set(
        StaffAct.objects.filter(verb="succession.approve").values_list("object_id", "actor_id")
    )
    for bundle in SuccessionBundle.objects.select_related("succession").order_by("built_at"):
        _check(bundle, first, approved)
    early = SuccessionNotice.objects.filter(handed_over_at__isnull=False).filter(
        Q(sent_at=None) | Q(handed_over_at__lt=F("from_at")) | Q(objected_at__isnull=False)
    )
    if early.exists():
        raise NoEvidence(_("Somebody's data was handed over before they could leave."))
    return _(
        "The service has changed hands or was about to %(count)d times; %(bundles)d bundles were"
        " built, each after two approvals and its notice; one made up just now is refused a"
        " second before its day."
    ) % {"count": Succession.objects.count(), "bundles": SuccessionBundle.objects.count()}


def _try_the_rule() -> None:
    day = terms.due_at(clock.now(), manifest().succession.notice)
    notice, begins = SuccessionState.NOTICE, SuccessionState.OPEN
    tried = [succeeding.after_approval(day, now=now) for now in (day - _MOMENT, day)]
    if tried != [notice, begins]:
        raise NoEvidence(_("A bundle could be built before its day."))


def _check(
    bundle: SuccessionBundle, first: StaffAct | None, approved: Collection[tuple[UUID, UUID | None]]
) -> None:
    """`first` is the oldest act that the log still has, `approved` its (succession, person)."""
    row = bundle.succession
    if row.bundle_from is None or bundle.built_at < row.bundle_from:
        raise NoEvidence(_("A bundle was built before its day."))
    agreed_at = row.first_approved_at
    is_remembered = first is not None and agreed_at is not None and first.at <= agreed_at
    approvers = {actor for succession, actor in approved if succession == row.id}
    if is_remembered and approvers != {row.first_approver, row.second_approver}:
        raise NoEvidence(
            _("The log knows no two approvals of the succession %(id)s.") % {"id": row.id}
        )
