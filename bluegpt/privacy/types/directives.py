"""What is to become of a person's data after their death."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Directions:
    """All that a person has laid down; what is not named in `wishes` is left to the heirs."""

    wishes: dict[DataClass, Wish]
    trusted: Contact | None
    given_at: datetime | None  # when they last changed
