"""Archives that come back."""

import bluegpt.core.ids
import bluegpt.privacy.types.archives
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('privacy', '0017_introductions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='archive',
            name='kind',
            field=models.CharField(choices=[(bluegpt.privacy.types.archives.ArchiveKind['ACCESS'], bluegpt.privacy.types.archives.ArchiveKind['ACCESS']), (bluegpt.privacy.types.archives.ArchiveKind['PORTABLE'], bluegpt.privacy.types.archives.ArchiveKind['PORTABLE']), (bluegpt.privacy.types.archives.ArchiveKind['INCOMING'], bluegpt.privacy.types.archives.ArchiveKind['INCOMING'])], max_length=12),
        ),
        migrations.CreateModel(
            name='ArchiveReturn',
            fields=[
                ('id', models.UUIDField(default=bluegpt.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('sha256', models.CharField(max_length=64)),
                ('brought_at', models.DateTimeField()),
                ('begun_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('refusal', models.CharField(default='', max_length=40)),
                ('counts', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person_id', 'sha256'), name='privacy_one_return_per_archive')],
            },
        ),
    ]
