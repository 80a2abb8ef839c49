"""Emptying a test database whose tables refuse to be emptied.

Some tables are append-only by trigger. On SQLite the flush after a transactional test is made of
DELETE statements, which those triggers refuse, as they should; so the triggers stand aside for
the flush and are then put back as they were. PostgreSQL truncates, which fires no row trigger.
"""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.base import DatabaseWrapper


def let_triggers_stand_aside(patch: pytest.MonkeyPatch) -> None:
    """Make SQLite's flush pass."""
    operations = DatabaseWrapper.ops_class
    flush = operations.execute_sql_flush

    def flush_between(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> Any:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            try:
                return flush(self, sql_list)
            finally:
                for _, sql in triggers:
                    cursor.execute(sql)

    patch.setattr(operations, "execute_sql_flush", flush_between)
