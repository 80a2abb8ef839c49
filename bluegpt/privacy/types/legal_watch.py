"""The laws that are watched."""

from dataclasses import dataclass
from datetime import date

from bluegpt.privacy.types.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedLaw:
    """A law, what it changes here, and who looks at it again by when."""

    key: str
    law: Text
    changes: Text
    effective_on: date | None  # None: nobody knows yet
    owner: str  # a role of the chapter `staff`
    review_by: date | None  # None is refused by the linter
    source: str
