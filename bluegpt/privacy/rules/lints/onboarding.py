"""What the chapter `onboarding` must satisfy."""

from collections.abc import Iterator

from bluegpt.privacy.types.manifest import Manifest
from bluegpt.privacy.types.onboarding import Chapter


def findings(policy: Manifest) -> Iterator[str]:
    """Something is asked about each kind of newcomer, and what was checked is there."""
    made = policy.onboarding
    if made.checked_on is None:
        yield "onboarding.checked: on is missing"
    asked = {question.of for question in made.checklist.values()}
    yield from (
        f"onboarding.checklist: nothing is asked of {each}" for each in set(Chapter) - asked
    )
    there = {Chapter.RECIPIENTS: policy.recipients, Chapter.PURPOSES: policy.purposes}
    for chapter, keys in made.checked.items():
        for key in keys:
            if key not in there[chapter]:
                yield f"onboarding.checked: {chapter}.{key} is not described"
