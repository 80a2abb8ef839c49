"""Emptying a test database whose tables refuse to be emptied, and quickly.

Some tables are append-only by trigger, so the triggers stand aside for the flush after a
transactional test: on SQLite they are dropped and put back as they were, on PostgreSQL the session
applies none. Only what holds rows is emptied. What migrations fill is filled again, but for
Django's permissions and content types, which take longer than all the rest and which nobody reads.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.models.signals import post_migrate


def flush_quickly(patch: pytest.MonkeyPatch) -> None:
    """Make the flush pass on both databases."""
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(
        create_permissions, dispatch_uid="django.contrib.auth.management.create_permissions"
    )
    patch.setattr(DatabaseWrapper.ops_class, "execute_sql_flush", _empty_sqlite)
    patch.setattr(PostgresOperations, "execute_sql_flush", _empty_postgres)


def _empty_sqlite(operations: BaseDatabaseOperations, _statements: Iterable[str]) -> None:
    connection = operations.connection
    if filled := _filled(connection):
        with connection.constraint_checks_disabled(), _without_triggers(connection):
            _empty(connection, filled)


@contextmanager
def _without_triggers(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _name, sql in triggers:
                cursor.execute(sql)


def _empty_postgres(operations: BaseDatabaseOperations, _statements: Iterable[str]) -> None:
    connection = operations.connection
    if filled := _filled(connection):
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        _empty(connection, filled)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")


def _filled(connection: BaseDatabaseWrapper) -> list[str]:
    """The tables of our models that hold a row."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def _empty(connection: BaseDatabaseWrapper, tables: list[str]) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')
