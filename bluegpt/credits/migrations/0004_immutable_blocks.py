"""The blocks that seal the journal refuse to be edited, as the journal does."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bluegpt.credits.migrations import _triggers

_TABLES = ("credits_block",)


def install(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Refuse UPDATE and DELETE of rows."""
    _triggers.refuse_changes(editor, _TABLES)


def remove(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let rows be changed again."""
    _triggers.allow_changes(editor, _TABLES)


class Migration(migrations.Migration):
    """After the table."""

    dependencies = (("credits", "0003_hardening"),)
    operations = (migrations.RunPython(install, remove),)
