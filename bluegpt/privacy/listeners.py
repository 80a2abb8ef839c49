"""What privacy does when something happened below."""

from bluegpt.accounts.events import PersonConfirmed
from bluegpt.core.events import listen
from bluegpt.privacy.services import versions


@listen(PersonConfirmed)
def note_version_at_sign_up(event: PersonConfirmed) -> None:
    """The form of the sign-up names the policy; which version it was is kept."""
    versions.acknowledge(person_id=event.person_id, occasion="sign_up")
