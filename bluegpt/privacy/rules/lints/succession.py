"""What the chapter on the service changing hands must satisfy."""

from collections.abc import Iterator

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.manifest import Manifest
from bluegpt.privacy.types.rights import Right

# What whoever takes over may need to go on with an account. The rest is accountability and
# security of the operator who was there.
_MAY_BE_HANDED_OVER = frozenset(
    {
        DataClass.CONSENT,
        DataClass.CONTENT,
        DataClass.DIRECTIVE,
        DataClass.IDENTITY,
        DataClass.METERING,
    }
)


def findings(policy: Manifest) -> Iterator[str]:
    """Every broken rule, a sentence each."""
    rule = policy.succession
    if rule.notice.days_about < rule.objection.days_about:
        yield "succession: notice is shorter than objection, which must come first (C20)"
    # Whoever asks for something as soon as they are told must be answered before.
    right = policy.rights.rights.get(Right.OBJECTION)
    if right is not None and rule.objection.days_about < right.term.days_about:
        yield "succession: objection is shorter than the term in which one is answered (C20)"
    for data_class in sorted(set(rule.classes) - _MAY_BE_HANDED_OVER):
        yield f"succession: {data_class} stays with the operator who answers for it (C20)"
