"""Staff roles, legal holds, and the log of what staff did, which is written once.

The term of the log is the manifest's rule `staff_acts`; a test compares the two.
"""

import bluegpt.core.ids
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from bluegpt.privacy.migrations import _append_only

TERM_YEARS = 3


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _append_only.write_once(editor, "privacy_staffact", instant="at", term_years=TERM_YEARS)


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _append_only.forget(editor, "privacy_staffact")


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0006_choices'),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', models.UUIDField(default=bluegpt.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('data_class', models.CharField(max_length=12)),
                ('text', models.CharField(max_length=500)),
                ('law', models.CharField(max_length=200)),
                ('author_id', models.UUIDField()),
                ('created_at', models.DateTimeField()),
                ('ends_on', models.DateField()),
                ('lifted_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['person_id', 'data_class'], name='privacy_holds_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('law', ''), _negated=True)), name='privacy_hold_says_why'), models.CheckConstraint(condition=models.Q(('data_class__in', ['identity', 'content', 'metering', 'connection', 'security', 'disclosure', 'technical'])), name='privacy_hold_of_a_class')],
            },
        ),
        migrations.CreateModel(
            name='StaffAct',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('actor_id', models.UUIDField(null=True)),
                ('verb', models.CharField(max_length=40)),
                ('object_id', models.UUIDField()),
                ('facts', models.JSONField(default=dict)),
                ('previous_digest', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['actor_id', '-number'], name='privacy_acts_of_actor'), models.Index(fields=['object_id', '-number'], name='privacy_acts_on_object')],
            },
        ),
        migrations.CreateModel(
            name='StaffActHead',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(default=0)),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='privacy_one_head_of_acts')],
            },
        ),
        migrations.CreateModel(
            name='StaffGrant',
            fields=[
                ('id', models.UUIDField(default=bluegpt.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('role', models.CharField(max_length=40)),
                ('granted_by', models.UUIDField(null=True)),
                ('granted_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['person_id', 'ends_at'], name='privacy_grants_of_person')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
