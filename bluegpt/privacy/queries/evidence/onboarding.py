"""Who and what is new here, and whether two people agreed: held against the log."""

from django.utils.translation import gettext as _

from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import OnboardingApproval, StaffAct
from bluegpt.privacy.queries import onboarding
from bluegpt.privacy.rules import onboarding as rules

_NEW = "somebody_new"


def taken_on() -> str:
    """Each approval has its act in the log, and a newcomer made up just now is noticed as one.

    Raises NoEvidence.
    """
    packaged = chapters.packaged()
    made_up = {**packaged, "recipients": {**packaged["recipients"], _NEW: {"role": "processor"}}}
    if [each.key for each in rules.newcomers(packaged, made_up)] != [_NEW]:
        raise NoEvidence(_("A recipient that nobody checked is taken for one that was."))
    for row in OnboardingApproval.objects.order_by("at").iterator(chunk_size=200):
        noted = StaffAct.objects.filter(
            verb="onboarding.approve", object_id=row.id, actor_id=row.approver
        )
        if _log_reaches(row) and not noted.exists():
            raise NoEvidence(_("The log knows no approval of %(what)s.") % {"what": row.subject})
    found = onboarding.views()
    return _(
        "%(count)d recipients and purposes are not as they were packaged, %(open)d of them approved"
        " by two people whose acts the log knows, %(shut)d shut; a recipient made up just now"
        " would be shut."
    ) % {
        "count": len(found),
        "open": sum(each.is_taken_on for each in found),
        "shut": sum(not each.is_taken_on for each in found),
    }


def _log_reaches(row: OnboardingApproval) -> bool:
    first = StaffAct.objects.order_by("number").first()
    return first is None or first.at <= row.at
