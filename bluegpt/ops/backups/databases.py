"""A database into a file, and a file in the place of a database.

SQLite copies itself with `VACUUM INTO`: one snapshot while others write, and, unlike a copy of
pages, without the free ones, in which deleted rows would live on.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connections

from bluegpt.core import single_writer
from bluegpt.ops.adapters import postgres
from bluegpt.ops.errors import Complaint

# A table whose rows make an installation one that somebody would miss.
_MISSED = {"default": "accounts_person", "vault": "vault_classkey"}


def dump(alias: str, path: Path) -> None:
    """Write a snapshot of a database into a new file. Raises Complaint."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        postgres.dump(connection, path)
    else:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
    path.chmod(0o600)


def load(alias: str, path: Path) -> None:
    """Put a snapshot in the place of a database; the file is used up. Raises Complaint.

    Nothing changes unless all of it can. Nobody else may use the database meanwhile.
    """
    connection = connections[alias]
    if connection.vendor == "postgresql":
        postgres.load(connection, path)
        path.unlink()
        return
    _check(path)
    target = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    single_writer.stop_all()  # the thread that writes has the file open as well
    # Page by page into the file that is there, not a new file under its name: a connection that
    # was left open would go on with the old one and, when it closes, take the new log away.
    target.touch(mode=0o600)
    with closing(sqlite3.connect(path)) as snapshot, closing(sqlite3.connect(target)) as living:
        snapshot.backup(living)
        living.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path.unlink()


def is_missed(alias: str) -> bool:
    """Whether there is anything in a database that should not be written over."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if _MISSED[alias] not in connection.introspection.table_names(cursor):
            return False
        cursor.execute(f'SELECT 1 FROM "{_MISSED[alias]}" LIMIT 1')  # noqa: S608 - our own name
        return cursor.fetchone() is not None


def applied_migrations(alias: str) -> list[str]:
    """Every migration that the tables have been through, as "app.name"."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def _check(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            [(verdict,)] = database.execute("PRAGMA quick_check(1)")
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        raise Complaint(f"The database in it is broken: {verdict}. Nothing has changed.")
