"""Why something is not erased, or a receipt proves nothing."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused


class ErasureUnderWay(Conflict):
    """One erasure of a person at a time."""

    code = "erasure_under_way"
    sentence = _("An erasure of yours is under way already. Its receipt comes by mail.")


class ErasureUnconfirmed(Refused):
    """What was typed is not the address of the account."""

    code = "erasure_unconfirmed"
    sentence = _("Nothing was erased. To confirm, type the e-mail address of your account.")


class UnknownReceipt(Missing):
    """No receipt has this link."""

    code = "unknown_receipt"
    sentence = _("There is no such receipt.")


class ReceiptBroken(Refused):
    """The receipt is not what this installation signed, or not with the key that was named."""

    code = "receipt_broken"
    sentence = _("This receipt does not hold: it was altered, or another key signed it.")
