"""A person's rows of some data classes and nothing beside them, for an authority."""

import json
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps

from bluegpt.core.personal_data import DataClass, Table, declared
from bluegpt.vault.services import seal as vault

_BATCH = 500


def lines(*, person_id: UUID, data_classes: Collection[DataClass]) -> Iterator[bytes]:
    """One line of JSON per row: the table, and its columns of these classes, opened.

    Secrets that no archive carries are left out. Rows are read in batches, so memory stays small.
    """
    for table in declared():
        columns = [
            column
            for data_class in sorted(data_classes)
            for column in table.claims.get(data_class, ())
            if column not in table.withheld
        ]
        if table.person_path and columns:
            for row in _rows(table, columns, person_id):
                shown = {"table": table.model, **_opened(table, row, columns, person_id)}
                yield json.dumps(shown, default=str, ensure_ascii=False).encode() + b"\n"


def _rows(table: Table, columns: list[str], person_id: UUID) -> Iterator[dict[str, Any]]:
    model = apps.get_model(table.model)
    rows = model._default_manager.filter(**{table.person_path: person_id}).order_by("pk")
    yield from rows.values("pk", *columns).iterator(chunk_size=_BATCH)


def _opened(
    table: Table, row: dict[str, Any], columns: list[str], person_id: UUID
) -> dict[str, Any]:
    shown = {column: row[column] for column in columns}
    for item in table.sealed:
        sealed = shown.get(item.column)
        if sealed:
            text = vault.open_sealed(
                bytes(sealed),
                person_id=person_id,
                data_class=item.data_class,
                context=f"{item.place}:{row['pk']}",
            )
            shown[item.column] = text.decode("utf-8", "replace")
    return shown
