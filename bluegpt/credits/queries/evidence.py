"""What the books show, for the policy's clauses about credits."""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass, declared
from bluegpt.credits.models import Case, Transfer, Verification
from bluegpt.credits.queries.checks import proofs

# Nights are a day apart; the rest is for a restart at the wrong moment.
_FRESH = timedelta(hours=36)


class BooksUnsound(Exception):
    """The books are broken, or could be changed."""


def books() -> str:
    """The triggers that refuse every change stand, and no column of the journal is for words.

    Raises BooksUnsound.
    """
    if proofs.immutability().is_broken:
        raise BooksUnsound(_("Lines of the books could be changed: a trigger is missing."))
    [claims] = [table.claims for table in declared() if table.model == Transfer._meta.label]
    if not set(claims) <= {DataClass.METERING, DataClass.TECHNICAL}:
        raise BooksUnsound(_("A column of the books is for something else than use."))
    return _(
        "%(count)d lines; every trigger that refuses to change one stands, and all %(columns)d"
        " columns are about use, none about what was written."
    ) % {"count": Transfer.objects.count(), "columns": sum(map(len, claims.values()))}


def verification() -> str:
    """What the last nightly verification found, if it is fresh. Raises BooksUnsound."""
    last = Verification.objects.order_by("-id").first()
    if last is None:
        return _("No night has passed yet since the books were opened.")
    if not last.is_sound:
        raise BooksUnsound(_("The books do not add up."))
    if last.finished_at < clock.now() - _FRESH:
        raise BooksUnsound(_("The books were not verified within 36 hours."))
    return _("Verified on %(day)s: %(count)d lines, no difference.") % {
        "day": date_format(last.finished_at, "DATE_FORMAT"),
        "count": last.transfer_count,
    }


def cases() -> str:
    """How many lines were contested."""
    return _("%(count)d lines were contested.") % {
        "count": Case.objects.filter(kind="dispute").count()
    }
