"""What credits does when something happened below."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop

from bluegpt.accounts.events import ApiKeyRevoked, PersonConfirmed
from bluegpt.core.before_erasure import stops
from bluegpt.core.events import listen
from bluegpt.core.money import MICROCREDITS_PER_CREDIT
from bluegpt.core.prepaid import Unspent, counts
from bluegpt.core.writing import written
from bluegpt.credits.errors import IdempotencyConflict
from bluegpt.credits.events import CapPassed, DisputeAnswered, DoubtEnded, LotEndsSoon
from bluegpt.credits.queries.balances import lots
from bluegpt.credits.queries.open_holds import open_holds
from bluegpt.credits.services import caps, cases, ledger, letters
from bluegpt.credits.services.accounts import open_wallet
from bluegpt.credits.types import Category


@listen(PersonConfirmed)
def welcome(event: PersonConfirmed) -> None:
    """Give a new person the welcome lot, once, however often the news arrives."""
    credits = settings.BLUEGPT.credits.welcome
    if credits == 0:
        return
    try:
        _welcomed(event.person_id, credits * MICROCREDITS_PER_CREDIT)
    except IdempotencyConflict:
        # The setting changed between two deliveries of the same news: the first gift stands.
        return


@written
def _welcomed(person_id: UUID, amount_microcredits: int) -> None:
    # Of the wallet, not of the person: the journal keeps this name when the books are severed.
    ledger.grant(
        person_id=person_id,
        category=Category.PROMO,
        amount_microcredits=amount_microcredits,
        source_kind="welcome",
        source_id=str(open_wallet(person_id)),
        reason=gettext_noop("Welcome"),  # stored in English, shown in the reader's language
    )


@listen(ApiKeyRevoked)
def forget_caps_of_key(event: ApiKeyRevoked) -> None:
    """A key that has ended needs no limit."""
    caps.remove_caps_of_key(event.key_id)


@listen(DoubtEnded)
def close_quarantine(event: DoubtEnded) -> None:
    """A doubt that somebody decided has its answer already; the others ended by the rule."""
    cases.close_quarantine(
        hold_id=event.hold_id,
        author=cases.BY_RULE,
        words=gettext_noop(
            "The call has ended: it was settled on what reached you, or everything came back."
        ),
    )


@listen(CapPassed)
def tell_cap_passed(event: CapPassed) -> None:
    """A spending limit is half spent, nearly spent, or spent."""
    letters.tell_cap_passed(
        person_id=event.person_id,
        cap_id=event.cap_id,
        percent=event.percent,
        starts_on=date.fromisoformat(event.starts_on),
    )


@listen(LotEndsSoon)
def tell_lot_ends_soon(event: LotEndsSoon) -> None:
    """Credits end in a week."""
    letters.tell_lot_ends_soon(lot_id=event.lot_id)


@listen(DisputeAnswered)
def tell_dispute_answered(event: DisputeAnswered) -> None:
    """A question about a line of the statement is answered."""
    letters.tell_dispute_answered(person_id=event.person_id, case_id=event.case_id)


@counts
def count_unspent(person_id: UUID) -> Unspent:
    """What is left in the lots of a wallet, and what of it was paid for."""
    left = [(lot.category, lot.remaining_microcredits) for lot in lots(person_id)]
    return Unspent(
        all_microcredits=sum(microcredits for _category, microcredits in left),
        paid_microcredits=sum(
            microcredits for category, microcredits in left if category is Category.PAID
        ),
    )


@stops
def wait_for_holds(person_id: UUID) -> bool:
    """Whether every hold is settled or released, but for those in doubt, which staff decide later.

    The reaper ends what nobody settles, within the term of a hold.
    """
    return all(hold.is_in_doubt for hold in open_holds(person_id))
