"""A call counts the pictures that were billed by the piece."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("studio", "0005_made_by"),)
    operations = (
        migrations.AddField("call", "pictures", models.PositiveBigIntegerField(default=0)),
    )
