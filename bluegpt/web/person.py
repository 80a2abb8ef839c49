"""Who is asking."""

from uuid import UUID

from django.http import HttpRequest

from bluegpt.accounts.models import Person


def person_id_of(request: HttpRequest) -> UUID:
    """The signed-in person's id. Only for views behind `login_required`."""
    person = request.user
    assert isinstance(person, Person)
    return person.id


async def person_id_in_loop(request: HttpRequest) -> UUID:
    """The same for async views."""
    person = await request.auser()
    assert isinstance(person, Person)
    return person.id
