"""Decisions, their chain and their screens are written once.

A decision may go five years after its end, as the manifest's rule `consents` says; a test compares
the two. The chain and the screens tell nothing about anybody, and stay.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from bluegpt.privacy.migrations import _append_only


TERM_YEARS = 5
_FOR_GOOD_YEARS = 1_000
_TABLES = {
    "privacy_consent": ("expires_at", TERM_YEARS),
    "privacy_consentlink": ("at", _FOR_GOOD_YEARS),
    "privacy_consentscreen": ("first_shown_at", _FOR_GOOD_YEARS),
}


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for table, (instant, years) in _TABLES.items():
        _append_only.write_once(editor, table, instant=instant, term_years=years)


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for table in _TABLES:
        _append_only.forget(editor, table)


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0012_archives'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsentScreen',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('language', models.CharField(max_length=8)),
                ('text', models.TextField()),
                ('first_shown_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('person_id', models.UUIDField(null=True)),
                ('device', models.CharField(default='', max_length=64)),
                ('purpose', models.CharField(max_length=40)),
                ('action', models.CharField(max_length=10)),
                ('method', models.CharField(max_length=10)),
                ('language', models.CharField(max_length=8)),
                ('policy_digest', models.CharField(max_length=64)),
                ('screen_sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('salt', models.BinaryField()),
            ],
            options={
                'indexes': [models.Index(fields=['person_id', '-number'], name='privacy_consents_of_person'), models.Index(fields=['device', '-number'], name='privacy_consents_of_device')],
            },
        ),
        migrations.CreateModel(
            name='ConsentHead',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(default=0)),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='privacy_one_head_of_consents')],
            },
        ),
        migrations.CreateModel(
            name='ConsentLink',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('at', models.DateTimeField()),
                ('commitment', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['on', 'number'], name='privacy_consents_of_day')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
