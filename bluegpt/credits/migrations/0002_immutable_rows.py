"""The journal and the price book refuse to be edited."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bluegpt.credits.migrations import _triggers

_TABLES = ("credits_transfer", "credits_price", "credits_priceversion")


def install(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Refuse UPDATE and DELETE of rows."""
    _triggers.refuse_changes(editor, _TABLES)


def remove(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let rows be changed again."""
    _triggers.allow_changes(editor, _TABLES)
    _triggers.forget(editor)


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = (("credits", "0001_initial"),)
    operations = (migrations.RunPython(install, remove),)
