"""Erasures and their receipts."""

from dataclasses import dataclass
from enum import StrEnum

from bluegpt.core.personal_data import DataClass


class ErasureScope(StrEnum):
    """What is erased for a person. One conversation is deleted where it is read."""

    CONTENT = "content"  # all that was written, attached and answered
    ACCOUNT = "account"  # everything that no law keeps
    WISHES = "wishes"  # the kinds that somebody wished erased after their death
    HANDED = "handed"  # the kinds that were handed over after it


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCount:
    """Rows of one table, under its plain name, and what becomes of them."""

    model: str
    name: str
    data_class: DataClass
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Rows that stay, under which law, and until when in words."""

    name: str
    count: int
    why: str
    law: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an erasure would end and leave, before it is ordered."""

    goes: tuple[TableCount, ...]
    stays: tuple[Stay, ...]
