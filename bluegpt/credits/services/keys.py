"""API keys with a spending limit: the key is accounts', the limit is the ledger's."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bluegpt.accounts.services import api_keys
from bluegpt.accounts.types import ApiKeyFacts
from bluegpt.credits.services import caps
from bluegpt.credits.types import CapPeriod


def create(
    *,
    person_id: UUID,
    name: str,
    monthly_limit_microcredits: int | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKeyFacts, str]:
    """Make a key that cannot spend more than its limit in a calendar month; the key, its secret.

    Both are there or neither is. Raises CapTooSmall, and what accounts' `api_keys.create` raises.
    """
    with transaction.atomic():
        key, secret = api_keys.create(person_id=person_id, name=name, expires_at=expires_at)
        if monthly_limit_microcredits is not None:
            caps.set_cap(
                person_id=person_id,
                period=CapPeriod.MONTH,
                limit_microcredits=monthly_limit_microcredits,
                key_id=key.id,
            )
    return key, secret
