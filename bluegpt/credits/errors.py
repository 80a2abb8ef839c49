"""Credits' refusals."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused


class InsufficientCredits(Refused):
    """The balance cannot cover the hold. Nothing was held, and the key stays refused."""

    code = "insufficient_credits"
    sentence = _("You do not have enough credits for this.")

    def __init__(self, *, needed_microcredits: int, available_microcredits: int) -> None:
        super().__init__()
        self.needed_microcredits = needed_microcredits
        self.available_microcredits = available_microcredits


class NoPrice(Refused):
    """The price book has no rate for what was asked; it is refused, never given away."""

    code = "no_price"
    sentence = _("This model has no price yet. Choose another one.")


class IdempotencyConflict(Conflict):
    """The same key came back with another body. Nothing was written."""

    code = "idempotency_conflict"
    sentence = _("This request was already made with other contents.")


class UnknownHold(Missing):
    """No hold of that id."""

    code = "unknown_hold"


class HoldResolved(Conflict):
    """The hold has already ended; it cannot be dispatched or extended."""

    code = "hold_resolved"
