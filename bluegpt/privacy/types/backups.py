"""How long backups live, and until when one could still hold what was erased."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bluegpt.privacy.types.durations import Duration
from bluegpt.privacy.types.texts import Text


class BackupKind(StrEnum):
    """What is backed up together. The two are kept apart: both in one place undo erasure."""

    DATA = "data"  # the database and the sealed files
    VAULT = "vault"  # the keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The life of the backups of one kind."""

    kind: BackupKind
    kept: Duration  # whole days
    holds: Text
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """The chapter. `pruned_every` is the longest time between two looks for backups to end."""

    pruned_every: Duration
    windows: Mapping[BackupKind, Window]


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Until when a backup could still bring back what was erased at an instant.

    `sealed_until` for what is encrypted under the person's key, `clear_until` for the rest.
    """

    sealed_until: datetime
    clear_until: datetime
