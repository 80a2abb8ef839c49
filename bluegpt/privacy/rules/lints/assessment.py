"""What the chapter `assessment` must satisfy."""

from collections.abc import Iterator
from datetime import date, timedelta

from bluegpt.privacy.types.assessment import Assessment, FearedEvent
from bluegpt.privacy.types.manifest import Manifest

# The CNIL asks for a new look at least every three years; we promise one within a year.
_REVIEWED_WITHIN = timedelta(days=366)


def findings(policy: Manifest) -> Iterator[str]:
    """Every feared event is weighed against measures that there are, and a day is set."""
    made = policy.assessment
    yield from _review(made, policy)
    for event in sorted(set(FearedEvent) ^ set(made.risks)):
        yield f"assessment.events: {event} is {'missing' if event not in made.risks else 'unknown'}"
    for risk in made.risks.values():
        name = f"assessment.events.{risk.key}"
        if not risk.measures:
            yield f"{name}: no measure is taken against it"
        for key in risk.measures:
            if key not in policy.measures:
                yield f"{name}: the measure {key!r} is not described"
        if risk.is_high and made.consulted_on is None:
            yield f"{name}: a high risk remains, so the authority is consulted (GDPR, Art. 36)"
    for action in made.plan.values():
        if action.owner not in policy.staff:
            yield f"assessment.plan.{action.key}: owner {action.owner!r} is no role of staff"
        if action.by is None:
            yield f"assessment.plan.{action.key}: by is missing"


def overdue(policy: Manifest, *, today: date) -> Iterator[str]:
    """The assessment, and what it planned, once their days have passed."""
    made = policy.assessment
    if made.review_by is not None and made.review_by < today:
        yield f"assessment: to be reviewed by {made.review_by}"
    for action in made.plan.values():
        if action.by is not None and action.by < today:
            yield f"assessment.plan.{action.key}: to be done by {action.by}"


def _review(made: Assessment, policy: Manifest) -> Iterator[str]:
    if made.owner not in policy.staff:
        yield f"assessment.review: owner {made.owner!r} is no role of staff"
    if made.assessed_on is None or made.review_by is None:
        yield "assessment.review: assessed_on and review_by are needed"
    elif not made.assessed_on < made.review_by <= made.assessed_on + _REVIEWED_WITHIN:
        yield "assessment.review: review_by must come within a year of assessed_on"
