"""What products give to archives: pages to read, and records that other software reads.

A product registers its forms in its `personal_data.py`; privacy makes archives of them and
imports no product.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise

from bluegpt.core.personal_data import DataClass

_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
}


def media_path(row_id: UUID, media_type: str, part: str = "") -> str:
    """Where the file of a row lies in an archive; `part` tells those of one row apart."""
    name = f"{row_id}-{part}" if part else f"{row_id}"
    return f"media/{name}{_ENDINGS.get(media_type, '.bin')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFile:
    """A file beside a part of a page. `preview` is a smaller picture of it, where there is one."""

    name: str
    path: str
    is_picture: bool
    preview: str = ""


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


class Incoming(Protocol):
    """A portable archive that comes back, as a product reads it: every record has its shape."""

    @property
    def person_id(self) -> UUID:
        """Whose account it comes into."""

    def records(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """The records of a kind, in the order of the archive; as often as asked."""

    def media(self, path: str) -> bytes:
        """The bytes of a file. Raises a refusal when the archive has none there."""

    def media_chunks(self, path: str) -> Iterator[bytes]:
        """The same, bit by bit: for what may be long."""

    def new_id(self, kind: str, old_id: str) -> UUID:
        """What a record is called here; new ids of a kind sort as its records stand.

        Raises a refusal when the archive has no such record.
        """

    def write(self, act: Callable[[], None]) -> None:
        """One transaction, unless nobody waits for the archive any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """How a product takes back what it gave: the mirror of its records.

    `check` looks at everything and writes nothing; it raises a refusal. `take_in` may be cut off
    anywhere and is then called again: what is there already stays as it is. It returns how many
    there are of each kind. `is_empty` says whether the person has none of it here.
    """

    is_empty: Callable[[UUID], bool]
    check: Callable[[Incoming], None]
    take_in: Callable[[Incoming], Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portable:
    """What a product gives to be taken elsewhere, and takes back.

    `schemas` is a JSON Schema per kind of record, in the order in which they are written.
    """

    key: str
    data_class: DataClass
    schemas: Mapping[str, Mapping[str, Any]]
    records: Callable[[str, UUID], Iterator[Record]]
    back: Return


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
