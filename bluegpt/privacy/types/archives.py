"""Archives of a person's data, and what is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class ArchiveKind(StrEnum):
    """Which right an archive answers, or that it comes back. Source: GDPR, Art. 15 and 20."""

    ACCESS = "access"  # everything, with the information about it
    PORTABLE = "portable"  # what can be taken to another service
    HANDOVER = "handover"  # what somebody who has died leaves to the person they trusted
    INCOMING = "incoming"  # one that its owner brings back


class ArchiveState(StrEnum):
    """The life of an archive; afterwards there is none."""

    MAKING = "making"
    READY = "ready"
    TAKEN = "taken"  # its one download has begun


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveView:
    """An archive as its owner sees it. `expires_at` is None until it is ready."""

    id: UUID
    kind: ArchiveKind
    state: ArchiveState
    asked_at: datetime
    expires_at: datetime | None
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnView:
    """What became of an archive that its owner brought back.

    `refusal` is an error's code, empty when everything is here; `counts` says how many of which
    kind there are. `ended_at` is None while it is being taken in.
    """

    ended_at: datetime | None
    refusal: str
    counts: Mapping[str, int]
