"""Who belongs to the operator's staff."""

from uuid import UUID

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.models import Person


def admit(*, person_id: UUID) -> None:
    """Let somebody be staff; which pages that opens is another question. Raises UnknownPerson."""
    if not Person.objects.filter(id=person_id, is_active=True).update(is_staff=True):
        raise UnknownPerson
