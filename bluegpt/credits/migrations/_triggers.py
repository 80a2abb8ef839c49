"""Triggers that keep rows from being edited, on both databases.

A migration that makes SQLite rebuild one of these tables drops its triggers with the old table
and has to install them again; `verify` reports their absence.
"""

from collections.abc import Iterable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_FUNCTION = (
    "CREATE OR REPLACE FUNCTION credits_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN RAISE EXCEPTION 'rows of % are immutable', TG_TABLE_NAME"
    " USING ERRCODE = 'integrity_constraint_violation'; END $$"
)
_VERBS = ("update", "delete")


def refuse_changes(editor: BaseDatabaseSchemaEditor, tables: Iterable[str]) -> None:
    """Refuse UPDATE and DELETE of rows."""
    is_postgresql = editor.connection.vendor == "postgresql"
    if is_postgresql:
        editor.execute(_FUNCTION, params=None)
    for table in tables:
        for verb in _VERBS:
            refusal = (
                " FOR EACH ROW EXECUTE FUNCTION credits_refuse_change()"
                if is_postgresql
                else f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are immutable'); END"
            )
            editor.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}{refusal}",
                params=None,
            )


def allow_changes(editor: BaseDatabaseSchemaEditor, tables: Iterable[str]) -> None:
    """Let rows be changed again. The function stays: other tables may use it."""
    for table in tables:
        for verb in _VERBS:
            suffix = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER {table}_no_{verb}{suffix}", params=None)


def forget(editor: BaseDatabaseSchemaEditor) -> None:
    """Remove what the last of these tables leaves behind."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION credits_refuse_change()", params=None)
