"""What followed a death, and the kinds of archives and erasures that it takes."""

import bluegpt.core.ids
import bluegpt.privacy.types.archives
import bluegpt.privacy.types.directives
import bluegpt.privacy.types.receipts
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0020_onboarding'),
    ]

    operations = [
        migrations.AlterField(
            model_name='archive',
            name='kind',
            field=models.CharField(choices=[(bluegpt.privacy.types.archives.ArchiveKind['ACCESS'], bluegpt.privacy.types.archives.ArchiveKind['ACCESS']), (bluegpt.privacy.types.archives.ArchiveKind['PORTABLE'], bluegpt.privacy.types.archives.ArchiveKind['PORTABLE']), (bluegpt.privacy.types.archives.ArchiveKind['HANDOVER'], bluegpt.privacy.types.archives.ArchiveKind['HANDOVER']), (bluegpt.privacy.types.archives.ArchiveKind['INCOMING'], bluegpt.privacy.types.archives.ArchiveKind['INCOMING'])], max_length=12),
        ),
        migrations.AlterField(
            model_name='erasurerun',
            name='scope',
            field=models.CharField(choices=[(bluegpt.privacy.types.receipts.ErasureScope['CONTENT'], bluegpt.privacy.types.receipts.ErasureScope['CONTENT']), (bluegpt.privacy.types.receipts.ErasureScope['ACCOUNT'], bluegpt.privacy.types.receipts.ErasureScope['ACCOUNT']), (bluegpt.privacy.types.receipts.ErasureScope['WISHES'], bluegpt.privacy.types.receipts.ErasureScope['WISHES']), (bluegpt.privacy.types.receipts.ErasureScope['HANDED'], bluegpt.privacy.types.receipts.ErasureScope['HANDED'])], max_length=8),
        ),
        migrations.CreateModel(
            name='Death',
            fields=[
                ('id', models.UUIDField(default=bluegpt.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('reference', models.CharField(max_length=12)),
                ('proof', models.CharField(choices=[(bluegpt.privacy.types.directives.DeathProof['CERTIFICATE'], bluegpt.privacy.types.directives.DeathProof['CERTIFICATE']), (bluegpt.privacy.types.directives.DeathProof['NOTARY'], bluegpt.privacy.types.directives.DeathProof['NOTARY']), (bluegpt.privacy.types.directives.DeathProof['JUDGMENT'], bluegpt.privacy.types.directives.DeathProof['JUDGMENT'])], max_length=12)),
                ('seen_on', models.DateField()),
                ('recorded_by', models.UUIDField()),
                ('recorded_at', models.DateTimeField()),
                ('first_approver', models.UUIDField(null=True)),
                ('second_approver', models.UUIDField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
                ('link_sha256', models.CharField(db_index=True, default='', max_length=64)),
                ('sent_at', models.DateTimeField(null=True)),
                ('handed_over_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('refused_at', None)), fields=('person_id',), name='privacy_one_death'), models.CheckConstraint(condition=models.Q(('second_approver', None), models.Q(('first_approver__isnull', False), models.Q(('second_approver', models.F('first_approver')), _negated=True)), _connector='OR'), name='privacy_death_two_people'), models.CheckConstraint(condition=models.Q(('approved_at', None), ('second_approver__isnull', False), _connector='OR'), name='privacy_death_followed_after_two')],
            },
        ),
    ]
