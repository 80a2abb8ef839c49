"""Disclosures are written once: no change ever, no deletion before the term of their class.

The term is the manifest's rule `disclosures`; a test compares the two.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TERM_YEARS = 5

_SQLITE = (
    """
    CREATE TRIGGER privacy_disclosure_is_final BEFORE UPDATE ON privacy_disclosure
    BEGIN SELECT RAISE(ABORT, 'a disclosure is never changed'); END
    """,
    f"""
    CREATE TRIGGER privacy_disclosure_stays BEFORE DELETE ON privacy_disclosure
    WHEN OLD.at > datetime('now', '-{TERM_YEARS} years')
    BEGIN SELECT RAISE(ABORT, 'a disclosure is kept for its term'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION privacy_disclosure_refusal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'a disclosure is never changed, and kept for its term'
        USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER privacy_disclosure_is_final BEFORE UPDATE ON privacy_disclosure
    FOR EACH ROW EXECUTE FUNCTION privacy_disclosure_refusal()
    """,
    f"""
    CREATE TRIGGER privacy_disclosure_stays BEFORE DELETE ON privacy_disclosure
    FOR EACH ROW WHEN (OLD.at > now() - interval '{TERM_YEARS} years')
    EXECUTE FUNCTION privacy_disclosure_refusal()
    """,
)
_SQLITE_UNDO = (
    "DROP TRIGGER privacy_disclosure_stays",
    "DROP TRIGGER privacy_disclosure_is_final",
)
_POSTGRESQL_UNDO = (
    "DROP TRIGGER privacy_disclosure_stays ON privacy_disclosure",
    "DROP TRIGGER privacy_disclosure_is_final ON privacy_disclosure",
    "DROP FUNCTION privacy_disclosure_refusal",
)


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _SQLITE_UNDO if editor.connection.vendor == "sqlite" else _POSTGRESQL_UNDO:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
