"""A person's rows of any declared table, opened: nothing but the declaration is known of it.

Rows are read in batches by their primary key, so neither memory nor a transaction grows with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from bluegpt.core.personal_data import Export, SealedColumn, Table, declared
from bluegpt.core.portable import PortableFile, media_path
from bluegpt.vault.errors import CannotOpen
from bluegpt.vault.services import seal as vault

BATCH_ROWS = 500
_FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its columns by plain key, and the files it names."""

    values: Mapping[str, Any]
    files: tuple[PortableFile, ...]


def archived_tables() -> tuple[Table, ...]:
    """The tables that a person's archive carries, by model label."""
    return tuple(
        table for table in declared() if table.person_path and table.export is not Export.NONE
    )


def model_of(table: Table) -> type[Model]:
    """The model that a declaration is about."""
    return apps.get_model(table.model)


def columns_of(table: Table) -> dict[str, str]:
    """The columns that an archive carries, and under which key: sealed ones are opened there."""
    sealed = {column.column for column in table.sealed}
    files = {file.column for file in table.files}
    keys: dict[str, str] = {}
    for field in model_of(table)._meta.local_concrete_fields:
        if field.name in table.withheld:
            continue
        key = field.attname
        if field.name in sealed:
            key = key.removesuffix("_sealed")
        elif field.name in files:
            key = _part_of(field.name)
        keys[field.attname] = key
    return keys


def rows(table: Table, person_id: UUID) -> Iterator[Row]:
    """The person's rows in order of their primary key."""
    model = model_of(table)
    keys = columns_of(table)
    key_name = model._meta.pk.attname
    mine = model._default_manager.filter(**{table.person_path: person_id}).order_by("pk")
    last: Any = None
    while True:
        after = mine if last is None else mine.filter(pk__gt=last)
        batch = list(after.values(*{*keys, key_name})[:BATCH_ROWS])
        if not batch:
            return
        last = batch[-1][key_name]
        yield from _opened(table, person_id, batch, keys)


def _opened(
    table: Table, person_id: UUID, batch: Sequence[dict[str, Any]], keys: Mapping[str, str]
) -> Iterator[Row]:
    key_name = model_of(table)._meta.pk.attname
    for column in table.sealed:
        for values, text in zip(batch, _texts(column, person_id, batch, key_name), strict=True):
            values[column.column] = text
    for values in batch:
        files = dict(_files(table, values, values[key_name]))
        values |= {column: file.path for column, file in files.items()}
        yield Row(
            values={key: _plain(values[attname]) for attname, key in keys.items()},
            files=tuple(files.values()),
        )


def _texts(
    column: SealedColumn, person_id: UUID, batch: Sequence[Mapping[str, Any]], key_name: str
) -> list[str | None]:
    """The column's texts; None where the key is gone."""
    pairs = [
        (bytes(values[column.column] or b""), f"{column.place}:{values[key_name]}")
        for values in batch
    ]
    full = [pair for pair in pairs if pair[0]]
    try:
        opened = list(vault.open_many(full, person_id=person_id, data_class=column.data_class))
    except CannotOpen:
        opened = [_one(pair, person_id, column) for pair in full]
    texts = iter(opened)
    return [_text(next(texts)) if sealed else "" for sealed, _context in pairs]


def _one(pair: tuple[bytes, str], person_id: UUID, column: SealedColumn) -> bytes:
    sealed, context = pair
    try:
        return vault.open_sealed(
            sealed, person_id=person_id, data_class=column.data_class, context=context
        )
    except CannotOpen:
        return b"\xff"  # never the beginning of a text


def _text(plain: bytes) -> str | None:
    return None if plain == b"\xff" else plain.decode()


def _files(
    table: Table, values: Mapping[str, Any], row_id: UUID
) -> Iterator[tuple[str, PortableFile]]:
    """The files that the row has and an archive carries, by column."""
    for file in table.files:
        if file.column in table.withheld or not values[file.column]:
            continue
        part = _part_of(file.column)
        media_type = values[file.media_type_column] if file.media_type_column else file.media_type
        yield (
            file.column,
            PortableFile(
                path=media_path(row_id, media_type, "" if part == _FILE else part),
                file_key=values[file.column],
                data_class=file.data_class,
                context=f"{file.place}:{row_id}",
            ),
        )


def _part_of(column: str) -> str:
    """What a column's file is of its row: "file_key" names the file itself."""
    return column.removesuffix("_key")


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, (bytes, memoryview)) else value
