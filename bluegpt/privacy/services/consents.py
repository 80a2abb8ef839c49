"""Writing down what somebody decided, refusals like agreements, and acting on a withdrawal."""

import hashlib
import secrets

from django.db import transaction

from bluegpt.core import clock
from bluegpt.core.events import publish
from bluegpt.privacy.events import UseEnded
from bluegpt.privacy.models import Consent, ConsentHead, ConsentLink, ConsentScreen
from bluegpt.privacy.queries.consents import payload_of
from bluegpt.privacy.queries.manifest import policy_digest
from bluegpt.privacy.rules import committing
from bluegpt.privacy.services import requests
from bluegpt.privacy.types.consents import ConsentAction, Deciding, Screen
from bluegpt.privacy.types.rights import Right

_SALT_BYTES = 32


@transaction.atomic
def decide(deciding: Deciding) -> tuple[int, ...]:
    """Keep a decision for each purpose; returns their places in the chain.

    A withdrawal ends what runs or waits for its purpose.
    """
    screen = _kept_screen(deciding.screen)
    numbers = tuple(
        _append(deciding, purpose, action, screen)
        for purpose, action in sorted(deciding.decisions.items())
    )
    for purpose, action in deciding.decisions.items():
        if action is ConsentAction.WITHDRAWN and deciding.person_id is not None:
            publish(UseEnded(person_id=deciding.person_id, purpose=purpose))
            requests.note_act(person_id=deciding.person_id, right=Right.WITHDRAWAL)
    return numbers


def _append(deciding: Deciding, purpose: str, action: ConsentAction, screen: str) -> int:
    now = clock.now()
    ConsentHead.objects.get_or_create(id=1, defaults={"digest": committing.ROOT})
    # Writers queue for the head, so that the chain has no gap and no fork.
    head = ConsentHead.objects.select_for_update().get(id=1)
    row = Consent(
        number=head.number + 1,
        person_id=deciding.person_id,
        device=deciding.device,
        purpose=purpose,
        action=action,
        method=deciding.method,
        language=deciding.screen.language,
        policy_digest=policy_digest(),
        screen_sha256=screen,
        at=now,
        expires_at=deciding.expires_at,
        salt=secrets.token_bytes(_SALT_BYTES),
    )
    said = committing.commitment(payload_of(row), salt=bytes(row.salt))
    digest = committing.link_digest(
        previous=head.digest, number=row.number, on=now.date(), commitment=said
    )
    row.save(force_insert=True)
    ConsentLink.objects.create(
        number=row.number, on=now.date(), at=now, commitment=said, digest=digest
    )
    ConsentHead.objects.filter(id=1).update(number=row.number, digest=digest)
    return row.number


def _kept_screen(screen: Screen) -> str:
    """The hash under which the screen can be shown again."""
    sha256 = hashlib.sha256(f"{screen.language}\n{screen.text}".encode()).hexdigest()
    ConsentScreen.objects.get_or_create(
        sha256=sha256,
        defaults={
            "language": screen.language,
            "text": screen.text,
            "first_shown_at": clock.now(),
        },
    )
    return sha256
