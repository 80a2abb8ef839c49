"""The end of rows: the one way in which the clock and the rights end what a table declares.

Whoever calls decides that these rows may end, and in which order: rows that others point at come
after those (`queries.tables.in_order`). A call is one bounded batch in one short transaction; it
may be repeated. Sealed files go before their rows: what is cut off in between leaves a row
without a file, which the next call ends, and never a file that nobody can name.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import router, transaction
from django.db.models import Case, ForeignKey, ForeignObjectRel, Model, UUIDField, Value, When

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.personal_data import Table
from bluegpt.core.writing import write
from bluegpt.privacy.models import FormerAccount
from bluegpt.privacy.types.endings import Act
from bluegpt.vault.services import files as vault_files

BATCH_ROWS_MAX = 1_000
_FILES_AT_ONCE = 8

RowIds = Sequence[Any]


def delete_rows(table: Table, ids: RowIds) -> int:
    """Delete rows and their sealed files; returns how many rows there were.

    Rows elsewhere that may exist without them lose the pointer to them; rows that may not must
    have ended before, or the database refuses (IntegrityError). Of a person's own row, the day on
    which the account was closed is kept in `FormerAccount`.
    """
    model = _model(table, ids)
    if table.files:
        _delete_files(model, table, ids)

    def act() -> int:
        rows = model._base_manager.filter(pk__in=ids)
        if model is Person:
            _remember(ids)
        _cut_pointers(model, ids)
        # Not delete(): that would take along whatever hangs on the rows, files not included.
        return rows._raw_delete(rows.db)

    return _written(model, act)


def sever_rows(table: Table, ids: RowIds) -> int:
    """Give each person in these rows a fresh random id that is kept nowhere; returns how many rows.

    The id is of version 4, which no account has (theirs are of version 7). Rows that reach the
    person through another table end with that one and are refused here.
    """
    model = _model(table, ids)
    column = table.person_path
    assert column in {field.name for field in model._meta.concrete_fields}, table.model

    def act() -> int:
        rows = model._base_manager.filter(pk__in=ids)
        people = set(rows.exclude(**{column: None}).values_list(column, flat=True))
        if not people:
            return 0
        nobody = [
            When(**{column: person_id}, then=Value(uuid4(), output_field=UUIDField()))
            for person_id in people
        ]
        return rows.filter(**{f"{column}__in": people}).update(**{column: Case(*nobody)})

    return _written(model, act)


def blank_rows(table: Table, ids: RowIds, *, blanks: dict[str, Any]) -> int:
    """Put the declared nothing into columns whose class has ended; returns how many rows."""
    model = _model(table, ids)
    return _written(model, lambda: model._base_manager.filter(pk__in=ids).update(**blanks))


def end_rows(table: Table, ids: RowIds, *, act: Act, blanks: dict[str, Any] | None = None) -> int:
    """Whichever of the three `act` names."""
    if act is Act.DELETE:
        return delete_rows(table, ids)
    if act is Act.SEVER:
        return sever_rows(table, ids)
    return blank_rows(table, ids, blanks=blanks or {})


def _model(table: Table, ids: RowIds) -> type[Model]:
    assert len(ids) <= BATCH_ROWS_MAX, "a batch is bounded"
    return apps.get_model(table.model)


def _written(model: type[Model], act: Callable[[], int]) -> int:
    database = router.db_for_write(model)
    if database == "default":
        return write(act)
    with transaction.atomic(using=database):
        return act()


def _delete_files(model: type[Model], table: Table, ids: RowIds) -> None:
    columns = [file.column for file in table.files]
    rows = model._base_manager.filter(pk__in=ids).values_list(*columns)
    keys = [key for row in rows for key in row if key]

    async def delete_all() -> None:
        for start in range(0, len(keys), _FILES_AT_ONCE):
            await asyncio.gather(*map(vault_files.delete, keys[start : start + _FILES_AT_ONCE]))

    async_to_sync(delete_all)()


def _remember(person_ids: RowIds) -> None:
    people = Person.objects.filter(pk__in=person_ids).values_list("id", "closed_at")
    now = clock.now()
    FormerAccount.objects.bulk_create(
        [FormerAccount(person_id=id_, closed_at=closed_at or now) for id_, closed_at in people],
        ignore_conflicts=True,
    )


def _cut_pointers(model: type[Model], ids: RowIds) -> None:
    # Most relations here are hidden: they have no name on the side that is pointed at.
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and isinstance(relation.field, ForeignKey):
            pointer = relation.field
            if pointer.null:
                pointing = pointer.model._base_manager.filter(**{f"{pointer.name}__in": ids})
                pointing.update(**{pointer.name: None})
