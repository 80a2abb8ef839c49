"""What the chapter `legal_watch` must satisfy."""

from collections.abc import Iterator
from datetime import date

from bluegpt.privacy.types.manifest import Manifest


def findings(policy: Manifest) -> Iterator[str]:
    """Each law has somebody in charge and a day on which it is looked at again."""
    for law in policy.legal_watch.values():
        if law.owner not in policy.staff:
            yield f"legal_watch.{law.key}: owner {law.owner!r} is no role of staff"
        if law.review_by is None:
            yield f"legal_watch.{law.key}: review_by is missing"


def overdue(policy: Manifest, *, today: date) -> Iterator[str]:
    """The laws that somebody should have looked at again by now."""
    for law in policy.legal_watch.values():
        if law.review_by is not None and law.review_by < today:
            yield f"legal_watch.{law.key}: to be reviewed by {law.review_by}"
