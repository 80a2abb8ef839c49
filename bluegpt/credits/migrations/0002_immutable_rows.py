"""The journal and the price book refuse to be edited: triggers on both databases.

A migration that makes SQLite rebuild one of these tables drops its triggers with the old table
and has to install them again; `verify` reports their absence.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("credits_transfer", "credits_price", "credits_priceversion")


def install(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Refuse UPDATE and DELETE of rows."""
    statements = _on_postgresql if editor.connection.vendor == "postgresql" else _on_sqlite
    for statement in statements():
        editor.execute(statement, params=None)


def remove(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let rows be changed again."""
    is_postgresql = editor.connection.vendor == "postgresql"
    for table in TABLES:
        for verb in ("update", "delete"):
            suffix = f" ON {table}" if is_postgresql else ""
            editor.execute(f"DROP TRIGGER {table}_no_{verb}{suffix}", params=None)
    if is_postgresql:
        editor.execute("DROP FUNCTION credits_refuse_change()", params=None)


def _on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'rows of {table} are immutable'); END"
        for table in TABLES
        for verb in ("update", "delete")
    ]


def _on_postgresql() -> list[str]:
    function = (
        "CREATE FUNCTION credits_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'rows of % are immutable', TG_TABLE_NAME"
        " USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    return [function] + [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION credits_refuse_change()"
        for table in TABLES
        for verb in ("update", "delete")
    ]


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = (("credits", "0001_initial"),)
    operations = (migrations.RunPython(install, remove),)
