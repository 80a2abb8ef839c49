"""Noting that a person was told who a recipient is, and as of which version of the policy."""

from uuid import UUID

from bluegpt.core import clock
from bluegpt.privacy.models import Introduction
from bluegpt.privacy.queries.introductions import facts_names
from bluegpt.privacy.queries.manifest import policy_digest
from bluegpt.privacy.types.introductions import Occasion


def introduce(*, person_id: UUID, recipient: str, occasion: Occasion) -> None:
    """The facts of the version in force were on the person's screen; noted once per facts.

    Nothing is noted of a recipient that is the operator's own machine, or unknown.
    """
    facts = facts_names().get(recipient)
    if facts is None:
        return
    Introduction.objects.get_or_create(
        person_id=person_id,
        recipient=recipient,
        facts_sha256=facts,
        defaults={
            "policy_digest": policy_digest(),
            "occasion": occasion.value,
            "at": clock.now(),
        },
    )
