"""What the books show, for the policy's clauses about credits."""

from datetime import timedelta

from django.db.models import F, OuterRef, Subquery, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass, declared
from bluegpt.credits.models import Case, Grant, Transfer, Verification
from bluegpt.credits.queries.checks import proofs
from bluegpt.credits.types import CaseKind, TransferCode, TransferKind

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
    """Each correction is balanced and explained, and each case that gave something back has one.

    Explained: every line of it has an author, a reason and a ground, and names a line that charged
    the same call of the same wallet. Raises BooksUnsound.
    """
    lines = Transfer.objects.filter(code=TransferCode.CORRECTION.value)
    moved = lines.filter(lot=OuterRef("id")).values("lot").annotate(sum=Sum("amount")).values("sum")
    lots = Grant.objects.filter(source_kind="correction").annotate(moved=Subquery(moved))
    given = set(Case.objects.exclude(correction_id=None).values_list("correction_id", flat=True))
    booked = set(lots.values_list("source_id", flat=True))
    if lots.exclude(moved=F("amount_microcredits")).exists() or set(map(str, given)) - booked:
        raise BooksUnsound(_("A correction is not balanced: its lines and its credits differ."))
    explained = lines.exclude(author="").exclude(reason="").exclude(reference="")
    explained = explained.filter(
        corrects__kind=TransferKind.POST.value,
        corrects__hold=F("hold"),
        corrects__debit_account=F("credit_account"),
    )
    if lines.count() != explained.count():
        raise BooksUnsound(
            _("A correction does not say who made it, why, or which charged line it corrects.")
        )
    return _(
        "%(count)d lines were contested, %(open)d wait for an answer; %(corrections)d corrections,"
        " each balanced, with its author, its reason and the line it corrects."
    ) % {
        "count": Case.objects.filter(kind=CaseKind.DISPUTE.value).count(),
        "open": Case.objects.filter(kind=CaseKind.DISPUTE.value, answered_at=None).count(),
        "corrections": len(booked),
    }
