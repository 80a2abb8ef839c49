"""The registry of personal data: every table says whose data it holds and how they end.

Each app declares its own tables in `personal_data.py`; `bluegpt.privacy` walks the registry and
imports no product. A field that no class claims fails the build (`tests/structure`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

# The retention trigger of everything that ends with an account. The recorded fact is the day on
# which the account was closed, wherever that is kept.
ACCOUNT_CLOSED = "account_closed"


class DataClass(StrEnum):
    """A kind of personal data with one retention rule and one key per person."""

    IDENTITY = "identity"
    CONTENT = "content"
    METERING = "metering"
    CONNECTION = "connection"
    SECURITY = "security"
    DISCLOSURE = "disclosure"
    CONSENT = "consent"  # what a person allowed, refused or limited, and the proof of it
    REQUEST = "request"  # what somebody asked about their data, and what became of it
    DIRECTIVE = "directive"  # what is to follow a person's death
    IDENTITY_DOCUMENT = "identity_document"  # destroyed as soon as the request is decided
    ARCHIVE = "archive"
    TECHNICAL = "technical"  # tells nothing about a person by itself


class Export(StrEnum):
    """What the person's own archive carries of a table."""

    FULL = "full"
    SUMMARY = "summary"  # the fact without the secret (a key's name, not its hash)
    NONE = "none"


class Erasure(StrEnum):
    """What erasure does to a person's rows."""

    DELETE = "delete"
    KEEP_PSEUDONYMOUS = "keep_pseudonymous"  # rows stay, the link to the person is gone
    EXPIRES = "expires"  # short-lived by itself; see the retention trigger
    NOT_PERSONAL = "not_personal"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedColumn:
    """A column that holds a value sealed by the vault: "<place>:<row id>" is its context."""

    column: str
    place: str
    data_class: DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """A column that names a file of the vault's store: "<place>:<row id>" is its context.

    `name_column` and `media_type_column` say what the file is called and what it is; the name may
    be a sealed column. `media_type` says it of a column whose files are all of one kind. A row
    whose column is empty has no such file.
    """

    column: str
    place: str
    data_class: DataClass
    name_column: str = ""
    media_type_column: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table's declaration.

    `claims` maps a data class to the fields it covers; together they name every column once.
    `person_path` is the ORM path from a row to the person's id, empty for tables about nobody.
    `sealed` and `files` say how what the row keeps sealed is opened, by whoever knows no more of
    the table than this. `withheld` are the secrets that no archive carries: a summary is the rest.
    `name` and `labels` are plain words for the table and for its columns.
    `retention_trigger` is the fact that starts the clock, and `recorded_at` the ORM path to the
    instant at which it happened; never `updated_at`. It is empty when the fact is the closing of
    the account (`ACCOUNT_CLOSED`), and for tables about nobody.
    `blanks` are classes that end before the row does: their columns, and what is put there.
    """

    model: str
    claims: Mapping[DataClass, tuple[str, ...]]
    person_path: str
    export: Export
    erasure: Erasure
    retention_trigger: str
    sealed: tuple[SealedColumn, ...] = ()
    files: tuple[SealedFile, ...] = ()
    withheld: tuple[str, ...] = ()
    name: str | Promise = ""
    labels: Mapping[str, str | Promise] = field(default_factory=dict)
    recorded_at: str = ""
    blanks: Mapping[DataClass, Mapping[str, Any]] = field(default_factory=dict)


_tables: dict[str, Table] = {}


def declare(*tables: Table) -> None:
    """Enter tables into the registry. Raises ValueError when one is declared twice differently."""
    for table in tables:
        known = _tables.setdefault(table.model, table)
        if known != table:
            raise ValueError(f"{table.model} is declared twice")


def declared() -> Iterator[Table]:
    """Every declaration, by model label."""
    yield from (_tables[label] for label in sorted(_tables))
