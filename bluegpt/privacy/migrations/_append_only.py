"""Triggers that let rows be written once, on both databases.

No change ever; deletion only where `deletable` (a condition on OLD) says so.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_FUNCTION = (
    "CREATE OR REPLACE FUNCTION privacy_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME"
    " USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def write_once(
    editor: BaseDatabaseSchemaEditor, table: str, *, instant: str, term_years: int
) -> None:
    """Refuse UPDATE for ever, and DELETE until `term_years` after the instant in a column."""
    if editor.connection.vendor == "postgresql":
        editor.execute(_FUNCTION, params=None)
        too_young = f"OLD.{instant} > now() - interval '{term_years} years'"
        does = "FOR EACH ROW {when} EXECUTE FUNCTION privacy_refuse_change()"
        never, early = does.format(when=""), does.format(when=f"WHEN ({too_young})")
    else:
        too_young = f"OLD.{instant} > datetime('now', '-{term_years} years')"
        refusal = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are written once'); END"
        never, early = refusal, f"WHEN {too_young} {refusal}"
    editor.execute(
        f"CREATE TRIGGER {table}_is_final BEFORE UPDATE ON {table} {never}", params=None
    )
    editor.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {early}", params=None)


def forget(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Let rows be changed again. The function stays: other tables may use it."""
    suffix = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
    for trigger in ("is_final", "stays"):
        editor.execute(f"DROP TRIGGER {table}_{trigger}{suffix}", params=None)
