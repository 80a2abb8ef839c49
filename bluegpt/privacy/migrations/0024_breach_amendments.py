"""Changes of breaches, which are written once."""

import bluegpt.core.ids
import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from bluegpt.privacy.migrations import _append_only

TERM_YEARS = 5


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _append_only.write_once(
        editor, "privacy_breachamendment", instant="at", term_years=TERM_YEARS
    )


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _append_only.forget(editor, "privacy_breachamendment")


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0023_successions'),
    ]

    operations = [
        migrations.CreateModel(
            name='BreachAmendment',
            fields=[
                ('id', models.UUIDField(default=bluegpt.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by', models.UUIDField(null=True)),
                ('reason', models.CharField(max_length=500)),
                ('changes', models.JSONField()),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.breach')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='privacy_breach_amended_with_reason')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
