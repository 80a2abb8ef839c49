"""When what an account holds ends, in words for its owner."""

from datetime import datetime

from django.utils.translation import get_language

from bluegpt.core.personal_data import ACCOUNT_CLOSED
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import terms
from bluegpt.privacy.types.endings import AccountEnding
from bluegpt.privacy.types.manifest import EndAction


def account_endings(*, closed_at: datetime) -> tuple[AccountEnding, ...]:
    """What ends how long after an account is closed, the soonest first."""
    policy = manifest()
    language = get_language() or "en"
    endings = [
        AccountEnding(
            rule=rule.key,
            name=policy.classes[rule.data_class].name.in_language(language),
            why=rule.why.in_language(language),
            last_on=terms.last_day(terms.day_of(closed_at), rule.duration),
            is_severed=rule.then is EndAction.SEVER,
        )
        for rule in policy.retention.values()
        if rule.trigger == ACCOUNT_CLOSED
    ]
    return tuple(sorted(endings, key=lambda ending: (ending.last_on, ending.name)))
