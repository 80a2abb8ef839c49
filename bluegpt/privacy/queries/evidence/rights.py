"""What archives and receipts show, right now."""

from django.utils.translation import gettext as _

from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.errors.receipts import ReceiptBroken
from bluegpt.privacy.models import Receipt
from bluegpt.privacy.queries.rows import archived_tables
from bluegpt.privacy.rules import receipts


def archived() -> str:
    """How many kinds of rows an archive carries."""
    return _("An archive carries the rows of %(count)d tables.") % {"count": len(archived_tables())}


def receipted() -> str:
    """The newest receipt holds; before the first erasure there is none to look at."""
    row = Receipt.objects.order_by("-made_at").first()
    if row is not None:
        try:
            receipts.check(row.document)
        except ReceiptBroken as broken:
            raise NoEvidence(str(broken)) from None
    return _("Receipts of erasures: %(count)d.") % {"count": Receipt.objects.count()}
