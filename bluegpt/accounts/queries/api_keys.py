"""Questions about API keys."""

from uuid import UUID

from django.db.models import Q, QuerySet

from bluegpt.accounts.models import ApiKey
from bluegpt.accounts.rules.api_keys import fingerprint
from bluegpt.accounts.types import ApiKeyFacts
from bluegpt.core import clock


def api_keys(person_id: UUID) -> tuple[ApiKeyFacts, ...]:
    """Every key of a person, revoked and expired ones too, the newest first."""
    return tuple(facts(key) for key in ApiKey.objects.filter(person_id=person_id).order_by("-id"))


def api_key_of(secret: str) -> ApiKeyFacts | None:
    """The usable key with this secret, of a person whose account is open; else None.

    The work is one hash and one look-up whatever the secret is, and the database compares hashes:
    the time of the answer tells nothing about how much of a guess was right.
    """
    usable_keys = _usable().filter(person__is_active=True, person__closed_at=None)
    key = usable_keys.filter(secret_sha256=fingerprint(secret)).first()
    return facts(key) if key is not None else None


def usable(person_id: UUID) -> QuerySet[ApiKey]:
    """Rows of the keys that work now."""
    return _usable().filter(person_id=person_id)


def facts(key: ApiKey) -> ApiKeyFacts:
    """What may be known of a key."""
    return ApiKeyFacts(
        id=key.id,
        person_id=key.person_id,
        name=key.name,
        prefix=key.prefix,
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
    )


def _usable() -> QuerySet[ApiKey]:
    unexpired = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    return ApiKey.objects.filter(unexpired, revoked_at=None)
