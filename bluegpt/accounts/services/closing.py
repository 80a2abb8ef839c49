"""Closing an account, and opening it again.

Closing lets nobody in any more, at once and everywhere; it erases nothing. What the account holds
ends by the retention rules, which count from `Person.closed_at`.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.events import AccountClosed, AccountReopened, ApiKeyRevoked
from bluegpt.accounts.models import ApiKey, Person
from bluegpt.accounts.services import sessions
from bluegpt.core import clock
from bluegpt.core.events import publish


def close(*, person_id: UUID) -> datetime:
    """Close the account, end its sessions and revoke its keys; when it was closed.

    Closing twice changes nothing, least of all the date. Keys do not come back with the account:
    whoever has them cannot be asked again. Publishes ApiKeyRevoked and AccountClosed. Raises
    UnknownPerson.
    """
    with transaction.atomic():
        person = _locked(person_id)
        if person.closed_at is None:
            person.closed_at = clock.now()
            person.save(update_fields=["closed_at"])
            sessions.end_all(person_id=person_id)
            _revoke_keys(person_id, at=person.closed_at)
            publish(AccountClosed(person_id=person_id))
    return person.closed_at


def reopen(*, person_id: UUID) -> bool:
    """Open a closed account again; True for the call that did it.

    Publishes AccountReopened. Raises UnknownPerson once the account's identity has ended.
    """
    with transaction.atomic():
        person = _locked(person_id)
        was_closed = person.closed_at is not None
        if was_closed:
            person.closed_at, person.last_active_at = None, clock.now()
            person.save(update_fields=["closed_at", "last_active_at"])
            publish(AccountReopened(person_id=person_id))
    return was_closed


def _locked(person_id: UUID) -> Person:
    person = Person.objects.select_for_update().filter(id=person_id).first()
    if person is None:
        raise UnknownPerson
    return person


def _revoke_keys(person_id: UUID, *, at: datetime) -> None:
    alive = ApiKey.objects.filter(person_id=person_id, revoked_at=None)
    key_ids = list(alive.values_list("id", flat=True))
    alive.update(revoked_at=at)
    for key_id in key_ids:
        publish(ApiKeyRevoked(person_id=person_id, key_id=key_id))
