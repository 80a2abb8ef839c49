"""The ordinary hold, settlement and release as functions of PostgreSQL: one round trip each."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bluegpt.credits.migrations._steps import FUNCTIONS


def create(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Create them where there is something to be saved."""
    if editor.connection.vendor == "postgresql":
        for definition in FUNCTIONS.values():
            editor.execute(definition, params=None)


def drop(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them, whatever their arguments."""
    if editor.connection.vendor == "postgresql":
        for name in reversed(FUNCTIONS):
            editor.execute(f"DROP FUNCTION {name}", params=None)


class Migration(migrations.Migration):
    """Nothing about the tables."""

    dependencies = (("credits", "0007_found_steps"),)
    operations = (migrations.RunPython(create, drop),)
