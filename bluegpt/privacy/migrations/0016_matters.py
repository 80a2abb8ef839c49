"""Accesses to content, requests of authorities, and breaches."""

import bluegpt.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0015_receipts'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuthorityRequest',
            fields=[
                ('id', models.UUIDField(default=bluegpt.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('authority', models.CharField(max_length=200)),
                ('reference', models.CharField(max_length=100)),
                ('law', models.CharField(max_length=200)),
                ('data_classes', models.CharField(max_length=120)),
                ('received_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField()),
                ('first_approver', models.UUIDField(null=True)),
                ('first_approved_at', models.DateTimeField(null=True)),
                ('second_approver', models.UUIDField(null=True)),
                ('second_approved_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('exported_at', models.DateTimeField(null=True)),
                ('exported_sha256', models.CharField(default='', max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['person_id', '-received_at'], name='privacy_authorities_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('second_approver', None), models.Q(('first_approver__isnull', False), models.Q(('second_approver', models.F('first_approver')), _negated=True)), _connector='OR'), name='privacy_authority_two_people'), models.CheckConstraint(condition=models.Q(('exported_at', None), models.Q(('refused_at', None), ('second_approver__isnull', False)), _connector='OR'), name='privacy_export_after_two_approvals'), models.CheckConstraint(condition=models.Q(models.Q(('authority', ''), _negated=True), models.Q(('law', ''), _negated=True), models.Q(('data_classes', ''), _negated=True)), name='privacy_authority_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.UUIDField(default=bluegpt.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=120)),
                ('natures', models.CharField(max_length=60)),
                ('data_classes', models.CharField(max_length=120)),
                ('recipient', models.CharField(default='', max_length=40)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('aware_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField(null=True)),
                ('people_about', models.PositiveIntegerField()),
                ('records_about', models.PositiveIntegerField()),
                ('consequences', models.CharField(max_length=2000)),
                ('measures', models.CharField(max_length=2000)),
                ('risk', models.CharField(max_length=8)),
                ('filed_at', models.DateTimeField(null=True)),
                ('filing_reference', models.CharField(default='', max_length=100)),
                ('filing_is_complete', models.BooleanField(default=False)),
                ('people_told_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('evidence', models.CharField(default='', max_length=2000)),
            ],
            options={
                'indexes': [models.Index(fields=['-aware_at'], name='privacy_breaches_by_awareness')],
                'constraints': [models.CheckConstraint(condition=models.Q(('closed_at', None), models.Q(('evidence', ''), _negated=True), _connector='OR'), name='privacy_breach_closed_with_evidence')],
            },
        ),
        migrations.CreateModel(
            name='ContentAccess',
            fields=[
                ('id', models.UUIDField(default=bluegpt.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('ground', models.CharField(max_length=20)),
                ('reason', models.CharField(max_length=300)),
                ('minutes', models.PositiveSmallIntegerField()),
                ('asked_by', models.UUIDField()),
                ('asked_at', models.DateTimeField()),
                ('approved_by', models.UUIDField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('closes_at', models.DateTimeField(null=True)),
                ('first_seen_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['person_id', '-asked_at'], name='privacy_accesses_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('approved_by', models.F('asked_by')), _negated=True), name='privacy_access_by_two_people'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 60)), name='privacy_access_within_an_hour'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='privacy_access_for_a_reason')],
            },
        ),
    ]
