"""Credits' refusals."""

from datetime import date
from uuid import UUID

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused
from bluegpt.core.money import credits_text
from bluegpt.credits.types import CapPeriod, CapView


class InsufficientCredits(Refused):
    """The balance cannot cover the hold. Nothing was held, and the key stays refused."""

    code = "insufficient_credits"
    sentence = _("You do not have enough credits for this.")

    def __init__(self, *, needed_microcredits: int, available_microcredits: int) -> None:
        super().__init__()
        self.needed_microcredits = needed_microcredits
        self.available_microcredits = available_microcredits


class DebtOutstanding(Refused):
    """Credits were spent whose payment was taken back; the next ones pay for them first."""

    code = "debt_outstanding"
    sentence = _(
        "A payment was taken back after its credits were spent."
        " Add credits to make up for it; then you can go on."
    )

    def __init__(self, *, debt_microcredits: int) -> None:
        super().__init__()
        self.debt_microcredits = debt_microcredits


class CapReached(Refused):
    """A spending limit that the person set does not allow it. The same key may come again.

    `cap` is as it stood before the call.
    """

    code = "cap_reached"

    def __init__(self, cap: CapView, *, starts_on: date) -> None:
        sentences = {
            (True, CapPeriod.DAY): _(
                "This goes beyond the daily limit of %(limit)s credits that you set for your"
                " account. It starts again on %(date)s at 00:00 UTC; you can raise it any time."
            ),
            (True, CapPeriod.MONTH): _(
                "This goes beyond the monthly limit of %(limit)s credits that you set for your"
                " account. It starts again on %(date)s at 00:00 UTC; you can raise it any time."
            ),
            (False, CapPeriod.DAY): _(
                "This goes beyond the daily limit of %(limit)s credits that you set for this"
                " API key. It starts again on %(date)s at 00:00 UTC; you can raise it any time."
            ),
            (False, CapPeriod.MONTH): _(
                "This goes beyond the monthly limit of %(limit)s credits that you set for this"
                " API key. It starts again on %(date)s at 00:00 UTC; you can raise it any time."
            ),
        }
        super().__init__(
            sentences[cap.key_id is None, cap.period]
            % {
                "limit": number_format(credits_text(cap.limit_microcredits)),
                "date": date_format(cap.starts_again_at.date(), "DATE_FORMAT"),
            }
        )
        self.cap = cap
        self.starts_on = starts_on  # the first day of the period in which it was refused


class CapTooSmall(Refused):
    """A spending limit below a microcredit."""

    code = "cap_too_small"
    sentence = _("A limit is more than zero credits.")


class CorrectionTooLarge(Refused):
    """More was to come back than the call had cost."""

    code = "correction_too_large"
    sentence = _("That is more than this call has cost and not yet given back.")

    def __init__(self, *, left_microcredits: int) -> None:
        super().__init__()
        self.left_microcredits = left_microcredits


class NothingLeft(Refused):
    """All credits of the lot were spent, held or gone: nothing can be refunded."""

    code = "nothing_left"
    sentence = _("Nothing is left of these credits.")


class UnknownLot(Missing):
    """No credits came from that source."""

    code = "unknown_lot"


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


class UnknownLine(Missing):
    """No line of this person's statement."""

    code = "unknown_line"
    sentence = _("There is no such line in your statement.")


class UnknownCase(Missing):
    """No case of that id, or somebody else's."""

    code = "unknown_case"
    sentence = _("There is no such case.")


class CaseAnswered(Conflict):
    """The case has an answer already, and another one."""

    code = "case_answered"
    sentence = _("This case has been answered already.")


class DoubtUndecided(Conflict):
    """The case is about a call whose cost is still open; an answer alone would leave it so."""

    code = "doubt_undecided"
    sentence = _("Decide first what the call costs; that answers its case.")


class AlreadyDisputed(Conflict):
    """The line was contested before, in other words."""

    code = "already_disputed"
    sentence = _("You have already asked about this line. Its case tells how far we are.")

    def __init__(self, *, case_id: UUID) -> None:
        super().__init__()
        self.case_id = case_id


class WordlessCase(Refused):
    """Nothing was said about what is wrong."""

    code = "empty_case"
    sentence = _("Say what is wrong, so that we know what to look at.")


class WordyCase(Refused):
    """Over the limit of a case."""

    code = "case_too_long"

    def __init__(self, *, chars_max: int) -> None:
        super().__init__(
            _("That is too long. %(chars_max)d characters will do.") % {"chars_max": chars_max}
        )


class NothingToCorrect(Refused):
    """The case is about no call, so nothing can be given back for it."""

    code = "nothing_to_correct"
    sentence = _("This case is not about a call that was charged.")
