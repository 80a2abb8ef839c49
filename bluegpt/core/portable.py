"""What products give to archives: pages to read, and records that other software reads.

A product registers its forms in its `personal_data.py`; privacy makes archives of them and
imports no product.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from bluegpt.core.personal_data import DataClass

_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
}


def media_path(row_id: UUID, media_type: str) -> str:
    """Where the file of a row lies in an archive."""
    return f"media/{row_id}{_ENDINGS.get(media_type, '.bin')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFile:
    """A file beside a part of a page."""

    name: str
    path: str
    is_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing somebody said. `aside` is what stands behind it; `notes` are facts about it."""

    author: str
    is_persons_own: bool
    at: datetime
    text: str
    aside: str = ""
    notes: tuple[str, ...] = ()
    files: tuple[PageFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page to read. `parts` is asked for once, and may be long."""

    key: str
    title: str
    at: datetime
    preface: str
    parts: Callable[[], Iterator[Part]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A kind of pages that an archive has for reading, in place of the rows of some tables."""

    key: str
    name: str | Promise
    covers: tuple[str, ...]  # model labels
    pages: Callable[[UUID], Iterator[Page]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortableFile:
    """A sealed file that goes with a record."""

    path: str
    file_key: str
    data_class: DataClass
    context: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a portable archive, ready for JSON, with its files."""

    values: Mapping[str, Any]
    files: tuple[PortableFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Portable:
    """What a product gives to be taken elsewhere.

    `schemas` is a JSON Schema per kind of record, in the order in which they are written.
    """

    key: str
    data_class: DataClass
    schemas: Mapping[str, Mapping[str, Any]]
    records: Callable[[str, UUID], Iterator[Record]]


_readings: dict[str, Reading] = {}
_portables: dict[str, Portable] = {}


def register_reading(reading: Reading) -> None:
    """Let archives have these pages."""
    _readings[reading.key] = reading


def register_portable(portable: Portable) -> None:
    """Let archives carry these records."""
    _portables[portable.key] = portable


def readings() -> tuple[Reading, ...]:
    """Every kind of pages, by key."""
    return tuple(_readings[key] for key in sorted(_readings))


def portables() -> tuple[Portable, ...]:
    """Every product's form, by key."""
    return tuple(_portables[key] for key in sorted(_portables))
