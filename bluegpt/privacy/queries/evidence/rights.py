"""What archives and receipts show, right now."""

from datetime import timedelta

from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.errors.receipts import ReceiptBroken
from bluegpt.privacy.models import ArchiveReturn, Death, Receipt
from bluegpt.privacy.queries.rows import archived_tables
from bluegpt.privacy.rules import receipts

_TAKING_IN_MAX = timedelta(days=1)
_FOLLOWING_MAX = timedelta(days=1)


def archived() -> str:
    """How many kinds of rows an archive carries."""
    return _("An archive carries the rows of %(count)d tables.") % {"count": len(archived_tables())}


def archives_come_back() -> str:
    """How many archives came back whole. Raises NoEvidence when one was left half taken in."""
    oldest = clock.now() - _TAKING_IN_MAX
    if ArchiveReturn.objects.filter(begun_at__lt=oldest, ended_at=None).exists():
        raise NoEvidence(_("An archive has been half taken in for more than a day."))
    returns = ArchiveReturn.objects.exclude(ended_at=None)
    return _("Archives that came back whole: %(count)d; refused: %(refused)d.") % {
        "count": returns.filter(refusal="").count(),
        "refused": returns.exclude(refusal="").count(),
    }


def directions_are_followed() -> str:
    """How many deaths were followed to the end. Raises NoEvidence when one has come to a stop."""
    oldest = clock.now() - _FOLLOWING_MAX
    if Death.objects.filter(approved_at__lt=oldest, erased_at=None).exists():
        raise NoEvidence(_("What somebody laid down for after their death has not been followed."))
    approved = Death.objects.exclude(approved_at=None)
    return _("Deaths whose directions were followed: %(done)d; under way: %(open)d.") % {
        "done": approved.exclude(done_at=None).count(),
        "open": approved.filter(done_at=None).count(),
    }


def receipted() -> str:
    """The newest receipt holds; before the first erasure there is none to look at."""
    row = Receipt.objects.order_by("-made_at").first()
    if row is not None:
        try:
            receipts.check(row.document)
        except ReceiptBroken as broken:
            raise NoEvidence(str(broken)) from None
    return _("Receipts of erasures: %(count)d.") % {"count": Receipt.objects.count()}
