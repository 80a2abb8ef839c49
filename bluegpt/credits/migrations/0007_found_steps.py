"""Two partial indexes of holds in the words that SQLite recognizes in a search.

It takes `x = ?` as proof of `x IS NOT NULL`, and not of `NOT (x IS NULL)`: the end of every call
would read all holds.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The same indexes, found."""

    dependencies = (("credits", "0006_key_caps"),)
    operations = (
        migrations.RemoveIndex(model_name="hold", name="credits_steps_of_hold"),
        migrations.RemoveIndex(model_name="hold", name="credits_holds_of_key"),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                fields=["extends"],
                condition=Q(extends__isnull=False),
                name="credits_steps_of_hold",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                fields=["key_id", "created_at"],
                condition=Q(key_id__isnull=False),
                name="credits_holds_of_key",
            ),
        ),
    )
