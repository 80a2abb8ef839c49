"""Who is calling."""

from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest

from bluegpt.accounts.queries.api_keys import api_key_of
from bluegpt.accounts.services import api_keys
from bluegpt.api.errors import InvalidApiKey
from bluegpt.core.threads import in_thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A program that spends a person's credits with one of their keys."""

    person_id: UUID
    key_id: UUID
    secret: str = field(repr=False)


async def caller_of(request: HttpRequest) -> Caller:
    """The caller by the key in the `Authorization` header. Raises InvalidApiKey.

    Cookies say nothing here: a browser that is logged in has no more rights than a stranger.
    """
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise InvalidApiKey
    return await in_thread(_known, secret.strip())


def _known(secret: str) -> Caller:
    key = api_key_of(secret)
    if key is None:
        raise InvalidApiKey
    api_keys.note_use(key_id=key.id)
    return Caller(person_id=key.person_id, key_id=key.id, secret=secret)
