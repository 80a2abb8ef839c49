"""Who made an answer that came back in an archive."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0004_calls_by_age'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='made_by_sealed',
            field=models.BinaryField(default=b''),
        ),
    ]
