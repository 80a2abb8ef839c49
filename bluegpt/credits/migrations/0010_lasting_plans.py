"""The functions of the ordinary steps, with plans that stay good while the tables grow."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bluegpt.credits.migrations._steps import FUNCTIONS


def replace(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the definitions of today in the place of those that are there."""
    if editor.connection.vendor == "postgresql":
        for definition in FUNCTIONS.values():
            editor.execute(definition, params=None)


class Migration(migrations.Migration):
    """Nothing about the tables."""

    dependencies = (("credits", "0009_video_tokens"),)
    operations = (migrations.RunPython(replace, migrations.RunPython.noop),)
