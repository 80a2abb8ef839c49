"""What is promised for the day on which the service changes hands, written a second time."""

from collections.abc import Iterator

from bluegpt.privacy.types.manifest import Manifest

NOTICE = (0, 0, 30)
OBJECTION = (0, 0, 30)
CLASSES = {"consent", "content", "directive", "identity", "metering"}


def broken(policy: Manifest) -> Iterator[str]:
    """The promises that this policy does not keep."""
    rule = policy.succession
    if (rule.notice.years, rule.notice.months, rule.notice.days) != NOTICE:
        yield "notice before the service changes hands"
    if (rule.objection.years, rule.objection.months, rule.objection.days) != OBJECTION:
        yield "time to object"
    if set(rule.classes) != CLASSES:
        yield "what is handed over"
