"""How rows end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bluegpt.core.personal_data import DataClass, Table
from bluegpt.privacy.types.manifest import RetentionRule


class Act(StrEnum):
    """What is done to a row whose term is over."""

    DELETE = "delete"  # with its sealed files
    SEVER = "sever"  # the person's id becomes one that belongs to nobody
    BLANK = "blank"  # the columns of one class, while the row stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One way in which rows of one table end: the shortest of the `rules` decides when."""

    table: Table
    act: Act
    rules: tuple[RetentionRule, ...]
    blanks: Mapping[str, Any]

    @property
    def data_classes(self) -> frozenset[DataClass]:
        """What ends with it."""
        return frozenset(rule.data_class for rule in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEnding:
    """What one rule does to a closed account, in the reader's language."""

    rule: str
    name: str
    why: str
    last_on: date  # the last day on which it is kept
    is_severed: bool  # the amounts stay, and are nobody's
