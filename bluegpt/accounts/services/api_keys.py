"""API keys: made, used, revoked."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bluegpt.accounts.errors import (
    ExpiredAtBirth,
    NamelessKey,
    TooManyKeys,
    UnknownKey,
    UnknownPerson,
)
from bluegpt.accounts.events import ApiKeyRevoked
from bluegpt.accounts.models import ApiKey, Person
from bluegpt.accounts.queries.api_keys import facts, usable
from bluegpt.accounts.rules.api_keys import SECRET_START, fingerprint, prefix_of
from bluegpt.accounts.services import activity
from bluegpt.accounts.types import ApiKeyFacts
from bluegpt.core import clock, ids
from bluegpt.core.events import publish

NAME_CHARS_MAX = 80
KEYS_MAX = 50
_USE_NOTED_EVERY = timedelta(minutes=1)


def create(
    *,
    person_id: UUID,
    name: str,
    expires_at: datetime | None = None,
) -> tuple[ApiKeyFacts, str]:
    """Make a key; the secret is returned here and never again, only its SHA-256 is stored.

    Raises NamelessKey, ExpiredAtBirth, TooManyKeys (of KEYS_MAX) or UnknownPerson.
    """
    name = " ".join(name.split())[:NAME_CHARS_MAX]
    if not name:
        raise NamelessKey
    if expires_at is not None and expires_at <= clock.now():
        raise ExpiredAtBirth
    secret = SECRET_START + ids.new_secret()
    with transaction.atomic():
        # The owner's row is the lock: two requests at once cannot both make the last key.
        if not Person.objects.select_for_update().filter(id=person_id).exists():
            raise UnknownPerson
        if usable(person_id).count() >= KEYS_MAX:
            raise TooManyKeys
        key = ApiKey.objects.create(
            person_id=person_id,
            name=name,
            prefix=prefix_of(secret),
            secret_sha256=fingerprint(secret),
            expires_at=expires_at,
        )
    return facts(key), secret


def revoke(*, person_id: UUID, key_id: UUID) -> None:
    """End a key at once and for good; revoking twice changes nothing. Raises UnknownKey.

    Publishes ApiKeyRevoked.
    """
    own = ApiKey.objects.filter(id=key_id, person_id=person_id)
    with transaction.atomic():
        if own.filter(revoked_at=None).update(revoked_at=clock.now()):
            publish(ApiKeyRevoked(person_id=person_id, key_id=key_id))
        elif not own.exists():
            raise UnknownKey


def note_use(*, key_id: UUID) -> None:
    """Remember that a key was used, and with it the account of its owner.

    Written at most once a minute, so calls stay cheap.
    """
    now = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_NOTED_EVERY)
    key = ApiKey.objects.filter(stale, id=key_id).first()
    if key is not None:
        ApiKey.objects.filter(stale, id=key_id).update(last_used_at=now)
        activity.note(person_id=key.person_id)
