"""What a person has chosen about their data: the standing that the gate obeys."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bluegpt.privacy.types.durations import Duration


class ChoiceKind(StrEnum):
    """What can be chosen. The subject of an objection is a purpose; the others have none."""

    RESTRICTION = "restriction"
    OBJECTION = "objection"
    ONLY_EEA = "only_eea"
    NO_KEEPERS = "no_keepers"
    CONTENT_TERM = "content_term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a person stands towards the uses of their data.

    `restricted_at` freezes everything: kept, not used, not deleted. `content_term` is None while
    the manifest's own term holds.
    """

    restricted_at: datetime | None = None
    objections: frozenset[str] = frozenset()
    only_eea: bool = False
    no_keepers: bool = False
    content_term: Duration | None = None

    @property
    def is_restricted(self) -> bool:
        return self.restricted_at is not None


# Whoever has chosen nothing.
FREE = Standing()
