"""A service that changes hands, as far as a test needs it."""

import io
import tarfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import time_machine
from django.core.mail.backends.locmem import EmailBackend

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.worker import Worker
from bluegpt.privacy.models import Succession
from bluegpt.privacy.services import successions
from bluegpt.privacy.types.successions import Declared
from bluegpt.vault.services import parcels
from tests.vault.key_pairs import key_pair

TOLD = Declared(
    acquirer="Grue SAS",
    country="be",
    contact="rgpd@grue.example",
    changes="Votre compte continue chez Grue.",
)
PRIVATE, PUBLIC = key_pair()
BACKEND = f"{__name__}.Unreliable"
unreachable: set[str] = set()
deadly: set[str] = set()


class Died(BaseException):
    """The process ends here."""


class Unreliable(EmailBackend):
    """A mail server that refuses some addresses, and one at which the process dies."""

    def send_messages(self, messages):  # type: ignore[no-untyped-def]
        for message in messages:
            if unreachable & set(message.to):
                raise ConnectionRefusedError
            sent = super().send_messages([message])
            if deadly & set(message.to):
                raise Died
        return sent


def given_up() -> Succession:
    """A row that nothing follows from."""
    return Succession.objects.create(
        acquirer=TOLD.acquirer, declared_by=new_id(), declared_at=clock.now(), is_live=False
    )


def agreed() -> UUID:
    """Declared, and approved by two."""
    succession_id = successions.declare(actor_id=new_id(), told=TOLD)
    for _colleague in range(2):
        successions.approve(actor_id=new_id(), succession_id=succession_id)
    return succession_id


def told() -> Succession:
    """Approved, and everybody written to."""
    succession_id = agreed()
    worked()
    return Succession.objects.get(id=succession_id)


def worked() -> None:
    """What the jobs do, those that go on a second later included."""
    for second in range(4):
        with time_machine.travel(clock.now() + timedelta(seconds=2 * second), tick=False):
            Worker().run_pending()


def opened(bundle: Path) -> dict[str, bytes]:
    """Each file inside a bundle, as whoever takes over reads it."""
    with bundle.open("rb") as sealed:
        inside = b"".join(parcels.opened(sealed, by=PRIVATE))
    with tarfile.open(fileobj=io.BytesIO(inside)) as tar:
        members = {member.name: tar.extractfile(member) for member in tar}
    return {name: content.read() for name, content in members.items() if content}
