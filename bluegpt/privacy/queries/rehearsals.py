"""What would happen on a bad day, asked of the manifest without touching anything."""

from dataclasses import dataclass

from bluegpt.core import clock
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.openness import closed_because
from bluegpt.privacy.rules import rehearsing


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingRoute:
    """A recipient that data may reach today and could not any more."""

    recipient: str
    because: str
    opens_again_by: tuple[str, ...]  # other ways that the manifest describes


def adequacy_fallen() -> tuple[ClosingRoute, ...]:
    """The routes that close when every adequacy decision falls today."""
    policy = manifest()
    after = rehearsing.without_adequacy(policy, today=clock.now().date())
    return tuple(
        ClosingRoute(
            recipient=key,
            because=because,
            opens_again_by=tuple(
                way
                for way in rehearsing.other_ways(after, key)
                if not closed_because(key, policy=rehearsing.falling_back(after, key, to=way))
            ),
        )
        for key in sorted(policy.recipients)
        if not closed_because(key, policy=policy) and (because := closed_because(key, policy=after))
    )
