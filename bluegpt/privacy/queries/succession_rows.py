"""A person's rows of the classes that are handed over, as whoever takes over reads them.

The declarations decide: of each table the columns of these classes and the ids that tie rows
together, opened; never a secret, and no column of another class.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bluegpt.core.personal_data import DataClass, Table
from bluegpt.core.portable import PortableFile
from bluegpt.privacy.queries import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """One row of a table, and its files."""

    table: str
    values: dict[str, Any]
    files: tuple[PortableFile, ...]


def records(person_id: UUID, classes: Collection[DataClass]) -> Iterator[HandedOver]:
    """Every row, in batches by its key, so that memory stays small."""
    for table in rows.archived_tables():
        kept = _keys(table, classes)
        if not kept:
            continue
        for row in rows.rows(table, person_id):
            yield HandedOver(
                table=table.model,
                values={key: value for key, value in row.values.items() if key in kept},
                files=tuple(file for file in row.files if file.data_class in classes),
            )


def _keys(table: Table, classes: Collection[DataClass]) -> frozenset[str]:
    """The plain keys of the columns; none for a table that has nothing of these classes."""
    personal = {name for each in classes for name in table.claims.get(each, ())}
    if not personal:
        return frozenset()
    named = personal | set(table.claims.get(DataClass.TECHNICAL, ()))
    plain = rows.columns_of(table)
    return frozenset(
        plain[field.attname]
        for field in rows.model_of(table)._meta.local_concrete_fields
        if field.attname in plain and {field.name, field.attname} & named
    )
