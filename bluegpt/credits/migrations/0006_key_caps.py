"""Spending caps move here from the API keys, and a lot remembers that its end was told.

Runs before accounts drops its column, so nobody loses the limit they set. No call was ever made
with a key before this, so each cap starts at zero.
"""

from datetime import UTC, datetime

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bluegpt.core.ids import new_id


def take_over(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """A monthly cap for each key that works and has one."""
    now = datetime.now(UTC)
    cap = apps.get_model("credits", "Cap")
    keys = apps.get_model("accounts", "ApiKey").objects.using(editor.connection.alias)
    limited = keys.filter(monthly_cap_microcredits__isnull=False, revoked_at=None)
    cap.objects.using(editor.connection.alias).bulk_create(
        [
            cap(
                id=new_id(),
                person_id=key.person_id,
                key_id=key.id,
                period="month",
                limit_microcredits=key.monthly_cap_microcredits,
                period_starts_on=now.date().replace(day=1),
                created_at=now,
            )
            for key in limited.iterator()
        ],
        batch_size=500,
    )


def give_back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The monthly cap of each key, as accounts kept it."""
    keys = apps.get_model("accounts", "ApiKey").objects.using(editor.connection.alias)
    caps = apps.get_model("credits", "Cap").objects.using(editor.connection.alias)
    monthly = caps.filter(key_id__isnull=False, period="month")
    for key_id, limit in monthly.values_list("key_id", "limit_microcredits").iterator():
        keys.filter(id=key_id).update(monthly_cap_microcredits=limit)
    caps.filter(key_id__isnull=False).delete()


class Migration(migrations.Migration):
    """After the table of caps, and before accounts forgets its own."""

    dependencies = (
        ("accounts", "0001_initial"),
        ("credits", "0004_immutable_blocks"),
    )
    run_before = (("accounts", "0002_caps_moved"),)
    operations = (
        migrations.AddIndex(
            model_name="cap",
            index=models.Index(fields=["person_id"], name="credits_caps_of_person"),
        ),
        migrations.AddField(
            model_name="grant",
            name="end_told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(take_over, give_back),
    )
