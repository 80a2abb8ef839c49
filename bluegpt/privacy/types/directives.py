"""What is to become of a person's data after their death."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.requests import Contact


class Wish(StrEnum):
    """What is to happen to one kind of data. Source: loi 78-17, art. 85, I."""

    KEEP = "keep"  # until the term that the policy gives it
    ERASE = "erase"
    HAND_OVER = "hand_over"  # to the trusted person, then erase


# What a person can dispose of. The rest is proof that the operator must be able to give (credits,
# disclosures, requests), or secrets that end with the account whatever is wished.
DISPOSABLE = (DataClass.CONTENT, DataClass.IDENTITY, DataClass.CONNECTION)


class DeathProof(StrEnum):
    """What shows that somebody has died."""

    CERTIFICATE = "certificate"  # of a registry office
    NOTARY = "notary"  # a notarial act on the estate
    JUDGMENT = "judgment"  # a court declared the death, or the absence


class DeathState(StrEnum):
    """How far the directions of somebody who has died were followed."""

    RECORDED = "recorded"
    APPROVED_ONCE = "approved_once"
    UNDER_WAY = "under_way"
    AWAITED = "awaited"  # the trusted person has not fetched what is handed over
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathView:
    """A death that was shown to us, and who agreed that it was."""

    id: UUID
    person_id: UUID
    reference: str  # of the request that brought the proof
    proof: DeathProof
    seen_on: date
    recorded_by: UUID
    first_approver: UUID | None
    second_approver: UUID | None
    state: DeathState


@dataclass(frozen=True, slots=True, kw_only=True)
class Directions:
    """All that a person has laid down; what is not named in `wishes` is left to the heirs."""

    wishes: dict[DataClass, Wish]
    trusted: Contact | None
    given_at: datetime | None  # when they last changed
