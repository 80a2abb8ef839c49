"""What people are told by mail about who may see what they wrote."""

from uuid import UUID

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.queries.people import person
from bluegpt.mailroom.services import letters
from bluegpt.privacy.queries.accesses import access


def tell(*, access_id: UUID) -> None:
    """An access to the person's content has opened. A closed account is told nothing."""
    found = access(access_id)
    try:
        reader = person(found.person_id)
    except UnknownPerson:
        return
    letters.send(
        to=reader.email,
        language=reader.language,
        template="privacy/email/access_opened",
        facts={"access": found},
    )
