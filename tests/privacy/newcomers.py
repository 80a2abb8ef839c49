"""Taking on whatever an overlay adds, for tests of what comes after."""

from bluegpt.core.ids import new_id
from bluegpt.privacy.queries import onboarding
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import onboarding as services


def take_on() -> None:
    """Two people go through the checklist of every newcomer."""
    for found in onboarding.newcomers():
        for _ in range(2):
            services.approve(
                actor_id=new_id(),
                subject=found.subject,
                facts_sha256=found.facts_sha256,
                answered=tuple(manifest().onboarding.checklist),
            )
