"""When what an account holds ends, in words for its owner."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import get_language

from bluegpt.core.personal_data import ACCOUNT_CLOSED
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.standing import standing_now, terms_offered
from bluegpt.privacy.rules import endings, terms
from bluegpt.privacy.types.endings import AccountEnding
from bluegpt.privacy.types.manifest import EndAction


def account_endings(person_id: UUID, *, closed_at: datetime) -> tuple[AccountEnding, ...]:
    """What of a person ends how long after their account is closed, the soonest first."""
    policy = manifest()
    language = get_language() or "en"
    chosen = standing_now(person_id).content_term
    found = [
        AccountEnding(
            rule=rule.key,
            name=policy.classes[rule.data_class].name.in_language(language),
            why=rule.why.in_language(language),
            last_on=terms.last_day(terms.day_of(closed_at), endings.term_of(rule, content=chosen)),
            is_severed=rule.then is EndAction.SEVER,
        )
        for rule in policy.retention.values()
        if rule.trigger == ACCOUNT_CLOSED
    ]
    return tuple(sorted(found, key=lambda ending: (ending.last_on, ending.name)))


def content_ends(*, closed_at: datetime) -> dict[str, date]:
    """The terms that a person may choose for their content, each with its last day."""
    day = terms.day_of(closed_at)
    return {term: terms.last_day(day, span) for term, span in terms_offered().items()}
