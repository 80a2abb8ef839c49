"""Approvals of newcomers, which are written once."""

import bluegpt.core.ids
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from bluegpt.privacy.migrations import _append_only

TERM_YEARS = 5


def forwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _append_only.write_once(
        editor, "privacy_onboardingapproval", instant="at", term_years=TERM_YEARS
    )


def backwards(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _append_only.forget(editor, "privacy_onboardingapproval")


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0019_words_of_steps_end'),
    ]

    operations = [
        migrations.CreateModel(
            name='OnboardingApproval',
            fields=[
                ('id', models.UUIDField(default=bluegpt.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(max_length=80)),
                ('facts_sha256', models.CharField(max_length=64)),
                ('answered', models.CharField(max_length=200)),
                ('approver', models.UUIDField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('subject', 'facts_sha256', 'approver'), name='privacy_onboarding_by_different_people'), models.CheckConstraint(condition=models.Q(('answered', ''), _negated=True), name='privacy_onboarding_after_a_checklist')],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
