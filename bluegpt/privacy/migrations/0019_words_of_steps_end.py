"""The words of a step may end; nothing else of it ever changes.

An erasure blanks them. Before, the trigger refused that too, and with it the whole erasure.
"""

from django.db import migrations

_COLUMNS = ("id", "request_id", "kind", "at", "by", "second_by", "code")
_NAME = "privacy_step_is_final"
_TABLE = "privacy_requeststep"


def _let_words_end(apps, editor):
    _drop(editor)
    differs = _differs(editor)
    changes = " OR ".join(f'NEW."{column}" {differs} OLD."{column}"' for column in _COLUMNS)
    _create(editor, f"WHEN (length(NEW.words_sealed) > 0 OR {changes}) ")


def _keep_words(apps, editor):
    _drop(editor)
    _create(editor, "")


def _differs(editor):
    return "IS DISTINCT FROM" if editor.connection.vendor == "postgresql" else "IS NOT"


def _drop(editor):
    suffix = f" ON {_TABLE}" if editor.connection.vendor == "postgresql" else ""
    editor.execute(f"DROP TRIGGER {_NAME}{suffix}", params=None)


def _create(editor, when):
    if editor.connection.vendor == "postgresql":
        does = f"FOR EACH ROW {when}EXECUTE FUNCTION privacy_step_refusal()"
    else:
        does = f"{when}BEGIN SELECT RAISE(ABORT, 'a step of a request is never changed'); END"
    editor.execute(f"CREATE TRIGGER {_NAME} BEFORE UPDATE ON {_TABLE} {does}", params=None)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0018_archive_returns")]

    operations = [migrations.RunPython(_let_words_end, _keep_words)]
