"""An answer knows the most that it can cost apart from what is held for it at present."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What was held so far was the whole ceiling."""

    dependencies = (("studio", "0001_initial"),)
    operations = (
        migrations.RenameField("call", "held_microcredits", "ceiling_microcredits"),
        migrations.AddField("call", "cost_is_in_doubt", models.BooleanField(default=False)),
    )
