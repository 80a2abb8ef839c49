"""The longest terms that the policy allows for what it was unclear about."""

from collections.abc import Iterator

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.manifest import Manifest

_YEAR_DAYS = 365
# (class, fact that starts the term): the longest, in days, and the contradiction that it settles.
_LONGEST = {
    (DataClass.IDENTITY, "account_closed"): (3 * _YEAR_DAYS, "C9"),
    (DataClass.CONTENT, "account_closed"): (3 * _YEAR_DAYS, "C10"),
    (DataClass.CONNECTION, "session_ended"): (_YEAR_DAYS, "C17"),
    (DataClass.SECURITY, "session_ended"): (_YEAR_DAYS, "C17"),
}


def findings(policy: Manifest) -> Iterator[str]:
    """Every term that is longer than the policy can be read, and every one that is missing."""
    found = {(rule.data_class, rule.trigger) for rule in policy.retention.values()}
    for (data_class, trigger), (_days, code) in _LONGEST.items():
        if (data_class, trigger) not in found:
            yield f"retention: no rule ends {data_class} by {trigger} ({code})"
    for rule in policy.retention.values():
        days, code = _LONGEST.get((rule.data_class, rule.trigger), (None, ""))
        if days is not None and rule.ceiling.days_about > days:
            yield f"retention.{rule.key}: ceiling is longer than {days} days ({code})"
