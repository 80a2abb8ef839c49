"""May anything go to a recipient today? The gate's answer, asked without a person."""

from datetime import date

from bluegpt.core import clock
from bluegpt.privacy.errors.gate import NotCleared
from bluegpt.privacy.queries.manifest import address_of, manifest
from bluegpt.privacy.queries.onboarding import check_taken_on
from bluegpt.privacy.queries.succession_freeze import check_not_frozen
from bluegpt.privacy.rules import clearing
from bluegpt.privacy.types.manifest import Manifest


def closed_because(
    recipient: str, *, policy: Manifest | None = None, today: date | None = None
) -> str:
    """Why the gate refuses a recipient whatever is sent, in words; empty while it is open."""
    policy = policy or manifest()
    for use in policy.purposes.values():
        if recipient not in use.recipients:
            continue
        try:
            clearing.ground(
                policy,
                purpose=use.key,
                recipient=recipient,
                data_classes=set(use.bases),
                address=address_of(recipient),
                today=today or clock.now().date(),
            )
            # A policy that is only supposed has no approvals of its own.
            if policy is manifest():
                check_taken_on(purpose=use.key, recipient=recipient)
                check_not_frozen(purpose=use.key, recipient=recipient)
        except NotCleared as refused:
            return str(refused)
    return ""
