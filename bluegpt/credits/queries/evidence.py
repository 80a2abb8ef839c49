"""What the books show, for the policy's clauses about credits."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bluegpt.credits.models import Case, Transfer, Verification


class BooksUnsound(Exception):
    """The last verification found the books broken."""


def books() -> str:
    """How many lines the books hold; none has room for what people write."""
    return _("%(count)d lines; the database refuses to change any.") % {
        "count": Transfer.objects.count()
    }


def verification() -> str:
    """What the last nightly verification found. Raises BooksUnsound."""
    last = Verification.objects.order_by("-id").first()
    if last is None:
        return _("No night has passed yet since the books were opened.")
    if not last.is_sound:
        raise BooksUnsound(_("The books do not add up."))
    return _("Verified on %(day)s: %(count)d lines, no difference.") % {
        "day": date_format(last.finished_at, "DATE_FORMAT"),
        "count": last.transfer_count,
    }


def cases() -> str:
    """How many lines were contested."""
    return _("%(count)d lines were contested.") % {
        "count": Case.objects.filter(kind="dispute").count()
    }
