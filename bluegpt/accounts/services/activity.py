"""That somebody uses their account: the fact from which an unused one is counted."""

from uuid import UUID

from bluegpt.accounts.models import Person
from bluegpt.core import clock


def note(*, person_id: UUID) -> None:
    """The owner of the account did something now. Nothing happens for one that is gone."""
    Person.objects.filter(id=person_id).update(last_active_at=clock.now())
