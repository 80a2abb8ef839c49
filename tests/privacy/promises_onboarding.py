"""What was checked, and what is asked of newcomers, written a second time and by hand."""

from collections.abc import Iterator
from datetime import date

from bluegpt.privacy.types.manifest import Manifest

CHECKED_ON = date(2026, 11, 28)
CHECKED = {
    "recipients": {
        "anthropic",
        "compatible",
        "google",
        "local",
        "mistral",
        "openai",
        "sandbox",
        "vertex",
        "xai",
    },
    "purposes": {"account", "chat_answer", "choices", "rights", "security"},
}
CHECKLIST = {
    "agreement": "recipients",
    "basis": "purposes",
    "less": "purposes",
    "retention": "recipients",
    "risks": "purposes",
    "security": "recipients",
    "training": "recipients",
    "transfer": "recipients",
}


def broken(policy: Manifest) -> Iterator[str]:
    """The promises about newcomers that this policy does not keep."""
    made = policy.onboarding
    if made.checked_on != CHECKED_ON:
        yield "day of the check"
    if {chapter: set(keys) for chapter, keys in made.checked.items()} != CHECKED:
        yield "checked"
    if {key: each.of for key, each in made.checklist.items()} != CHECKLIST:
        yield "checklist"
