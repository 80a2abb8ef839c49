"""The clock's tables, and the one change that a disclosure allows: to be cut off from its person.

Whoever cuts may only put a random id of version 4 in the place of the person's; accounts have ids
of version 7, so a disclosure can never be made to speak about somebody else. Everything else of it
stays final, and deletion still waits for the term (migration 0002). The condition looks at the
row alone: no setting, no role and no other table opens this door.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_KEPT = (
    "id",
    "call_id",
    "at",
    "purpose",
    "basis",
    "recipient",
    "country",
    "transfer_basis",
    "data_classes",
    "policy_digest",
)
# The digit of a UUID that says its version; SQLite keeps UUIDs as 32 hexadecimal digits.
_SQLITE_CHANGED = " OR ".join(
    [f"NEW.{column} IS NOT OLD.{column}" for column in _KEPT]
    + ["substr(NEW.person_id, 13, 1) IS NOT '4'", "length(NEW.person_id) IS NOT 32"]
)
_POSTGRESQL_CHANGED = " OR ".join(
    [f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _KEPT]
    + ["substr(NEW.person_id::text, 15, 1) IS DISTINCT FROM '4'"]
)
_SQLITE = (
    "DROP TRIGGER privacy_disclosure_is_final",
    f"""
    CREATE TRIGGER privacy_disclosure_is_final BEFORE UPDATE ON privacy_disclosure
    WHEN {_SQLITE_CHANGED}
    BEGIN SELECT RAISE(ABORT, 'a disclosure is never changed'); END
    """,
)
_POSTGRESQL = (
    "DROP TRIGGER privacy_disclosure_is_final ON privacy_disclosure",
    f"""
    CREATE TRIGGER privacy_disclosure_is_final BEFORE UPDATE ON privacy_disclosure
    FOR EACH ROW WHEN ({_POSTGRESQL_CHANGED})
    EXECUTE FUNCTION privacy_disclosure_refusal()
    """,
)
_SQLITE_UNDO = (
    "DROP TRIGGER privacy_disclosure_is_final",
    """
    CREATE TRIGGER privacy_disclosure_is_final BEFORE UPDATE ON privacy_disclosure
    BEGIN SELECT RAISE(ABORT, 'a disclosure is never changed'); END
    """,
)
_POSTGRESQL_UNDO = (
    "DROP TRIGGER privacy_disclosure_is_final ON privacy_disclosure",
    """
    CREATE TRIGGER privacy_disclosure_is_final BEFORE UPDATE ON privacy_disclosure
    FOR EACH ROW EXECUTE FUNCTION privacy_disclosure_refusal()
    """,
)


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement, params=None)


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _SQLITE_UNDO if editor.connection.vendor == "sqlite" else _POSTGRESQL_UNDO:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0009_requests")]

    operations = [
        migrations.CreateModel(
            name="Attestation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField()),
                ("policy_digest", models.CharField(max_length=64)),
                ("ended", models.JSONField()),
                ("left", models.JSONField()),
                ("spared", models.JSONField()),
                ("is_clean", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="FormerAccount",
            fields=[
                ("person_id", models.UUIDField(primary_key=True, serialize=False)),
                ("closed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["closed_at", "person_id"], name="privacy_former_accounts")
                ],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
