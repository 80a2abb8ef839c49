"""Facts about accounts that other apps may hold."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

# The last step of a log-in to a closed account, as allauth calls it.
REOPENING_STAGE = "reopening"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A person as other apps see them: no password, no secret."""

    id: UUID
    email: str
    language: str  # "" until chosen
    theme: str  # "" follows the device
    is_staff: bool
    created_at: datetime
    confirmed_at: datetime | None
    closed_at: datetime | None  # set while the account is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyFacts:
    """An API key without its secret. `prefix` is the part of the secret that is shown in lists."""

    id: UUID
    person_id: UUID
    name: str
    prefix: str
    created_at: datetime
    last_used_at: datetime | None  # exact to a minute
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorFacts:
    """What stands beside the password. `recovery_codes_left` is None when there are none at all."""

    has_authenticator_app: bool
    passkeys: int
    recovery_codes_left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """One browser that is logged in. The IP address is shown to its owner alone."""

    id: int
    browser: str  # "" when the browser did not say, or says something unknown
    system: str
    ip: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool
