"""Writing down what somebody decided, refusals like agreements, and acting on a withdrawal.

A withdrawal is noted in the journal of erasures as well: a restored backup may be older, and
nothing may go on with an agreement that was taken back. An agreement is not: whoever gave one
after the backup is asked again.
"""

import hashlib
import secrets
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from bluegpt.core import clock
from bluegpt.core.erasures import ends
from bluegpt.core.events import publish
from bluegpt.privacy.events import UseEnded
from bluegpt.privacy.models import Consent, ConsentHead, ConsentLink, ConsentScreen
from bluegpt.privacy.queries.consents import is_given, payload_of
from bluegpt.privacy.queries.manifest import policy_digest
from bluegpt.privacy.rules import committing
from bluegpt.privacy.services import requests
from bluegpt.privacy.types.consents import ConsentAction, ConsentMethod, Deciding, Screen
from bluegpt.privacy.types.rights import Right
from bluegpt.vault.services import erasures

KIND = "privacy.withdrawal"  # the subject is "<purpose> <instant> <person id>"
_SALT_BYTES = 32


@transaction.atomic
def decide(deciding: Deciding) -> tuple[int, ...]:
    """Keep a decision for each purpose; returns their places in the chain.

    A withdrawal ends what runs or waits for its purpose.
    """
    screen = _kept_screen(deciding.screen)
    ended = _ended(deciding)
    numbers = tuple(
        _append(deciding, purpose, action, screen)
        for purpose, action in sorted(deciding.decisions.items())
    )
    for purpose, action in deciding.decisions.items():
        if action is ConsentAction.WITHDRAWN and deciding.person_id is not None:
            publish(UseEnded(person_id=deciding.person_id, purpose=purpose))
            requests.note_act(person_id=deciding.person_id, right=Right.WITHDRAWAL)
    for purpose in ended:
        subject = f"{purpose} {clock.now().isoformat()} {deciding.person_id}"
        transaction.on_commit(partial(erasures.erase, KIND, subject), robust=True)
    return numbers


@ends(KIND)
def go_through(subject: str) -> None:
    """Withdraw again what a backup has as agreed to; does nothing without an older agreement."""
    purpose, instant, key = subject.split(" ")
    person_id, at = UUID(key), datetime.fromisoformat(instant)
    last = Consent.objects.filter(person_id=person_id, purpose=purpose).order_by("-number").first()
    if last is None or last.action != ConsentAction.GIVEN or last.at > at:
        return
    deciding = Deciding(
        person_id=person_id,
        device=last.device,
        decisions={purpose: ConsentAction.WITHDRAWN},
        method=ConsentMethod.REPLAY,
        screen=Screen(text="", language=last.language),
        expires_at=last.expires_at,
    )
    _append(deciding, purpose, ConsentAction.WITHDRAWN, _kept_screen(deciding.screen))


def _ended(deciding: Deciding) -> list[str]:
    """What the person had agreed to and does not any more, in whatever browser that was."""
    person_id = deciding.person_id
    if person_id is None:  # the browser itself remembers
        return []
    return [
        purpose
        for purpose, action in sorted(deciding.decisions.items())
        if action is not ConsentAction.GIVEN and is_given(person_id=person_id, purpose=purpose)
    ]


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
