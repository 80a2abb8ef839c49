"""What the impact assessment says and until when, written a second time and by hand."""

from collections.abc import Iterator
from datetime import date

from bluegpt.privacy.types.manifest import Manifest

REVIEW = (date(2026, 11, 28), date(2027, 11, 28), "protection", None)
# Event: severity and likelihood that remain, and the measures against it.
RISKS = {
    "access": (
        "significant",
        "limited",
        {"connections", "encryption", "glass", "passwords", "root_key", "second_factor"},
    ),
    "change": ("limited", "negligible", {"books", "encryption", "glass"}),
    "loss": ("limited", "limited", {"backups", "books", "root_key"}),
}
PLAN = {
    "restore_drill": ("security", date(2027, 5, 31)),
    "two_keepers": ("security", date(2027, 5, 31)),
}


def broken(policy: Manifest) -> Iterator[str]:
    """The promises about the assessment that this policy does not keep."""
    made = policy.assessment
    if (made.assessed_on, made.review_by, made.owner, made.consulted_on) != REVIEW:
        yield "assessment"
    risks = {
        key: (risk.severity, risk.likelihood, set(risk.measures))
        for key, risk in made.risks.items()
    }
    if risks != RISKS:
        yield "risks"
    if {key: (action.owner, action.by) for key, action in made.plan.items()} != PLAN:
        yield "plan"
