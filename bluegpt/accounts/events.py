"""What happened to accounts."""

from dataclasses import dataclass
from uuid import UUID

from bluegpt.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonConfirmed(Event):
    """The e-mail address was confirmed for the first time: the account is usable from now on."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(Event):
    """The account has another confirmed address."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyRevoked(Event):
    """A key was ended by its owner; it does not come back."""

    person_id: UUID
    key_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountClosed(Event):
    """Nobody is let in any more; the terms of the account's data began to run."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReopened(Event):
    """A closed account is open again, with what had not ended yet."""

    person_id: UUID
