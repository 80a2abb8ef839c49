"""What credits does when something happened below."""

from django.conf import settings
from django.utils.translation import gettext_noop

from bluegpt.accounts.events import PersonConfirmed
from bluegpt.core.events import listen
from bluegpt.core.money import MICROCREDITS_PER_CREDIT
from bluegpt.credits.errors import IdempotencyConflict
from bluegpt.credits.services import ledger
from bluegpt.credits.types import Category


@listen(PersonConfirmed)
def welcome(event: PersonConfirmed) -> None:
    """Give a new person the welcome lot, once, however often the news arrives."""
    credits = settings.BLUEGPT.credits.welcome
    if credits == 0:
        return
    try:
        ledger.grant(
            person_id=event.person_id,
            category=Category.PROMO,
            amount_microcredits=credits * MICROCREDITS_PER_CREDIT,
            source_kind="welcome",
            source_id=str(event.person_id),
            reason=gettext_noop("Welcome"),  # stored in English, shown in the reader's language
        )
    except IdempotencyConflict:
        # The setting changed between two deliveries of the same news: the first gift stands.
        return
