"""Commands bring new and older databases up to date, and leave those alone that they must."""

import sqlite3
from pathlib import Path

from tests.ops.conftest import Installation

STRANGER = ("credits", "balance", "nobody@example.org")
UNKNOWN = "There is no account with this e-mail address.\n"


def _forget_last_migration(data_dir: Path, app: str) -> None:
    """Make a database look as an older version left it: one migration fewer."""
    with sqlite3.connect(data_dir / "bluegpt.sqlite3") as database:
        database.execute(
            "DELETE FROM django_migrations WHERE id ="
            " (SELECT max(id) FROM django_migrations WHERE app = ?)",
            (app,),
        )
        database.execute("DROP TABLE django_session")
    database.close()


def _production(installation: Installation) -> Installation:
    return Installation(
        installation.data_dir,
        {"BLUEGPT_ENV": "production", "BLUEGPT_URL": "https://site.example"},
    )


def test_an_older_database_is_brought_up_to_date(old_copy: Installation) -> None:
    _forget_last_migration(old_copy.data_dir, "sessions")

    said = old_copy.run(*STRANGER)

    assert said.err == UNKNOWN
    with sqlite3.connect(old_copy.data_dir / "bluegpt.sqlite3") as database:
        database.execute("SELECT * FROM django_session")
    database.close()


def test_in_production_an_older_database_waits_for_serve(old_copy: Installation) -> None:
    _forget_last_migration(old_copy.data_dir, "sessions")

    said = _production(old_copy).run(*STRANGER)

    assert said.code == 2
    assert said.err.startswith("The databases are older than this version.")
    assert said.err.count("\n") == 1


def test_in_production_a_new_database_is_made(installation: Installation) -> None:
    said = _production(installation).run(*STRANGER)

    assert said.err == UNKNOWN


def test_a_database_of_a_newer_version_is_left_alone(old_copy: Installation) -> None:
    with sqlite3.connect(old_copy.data_dir / "bluegpt.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('credits', '0999_from_the_future', '2030-01-01')"
        )
    database.close()

    for words in (STRANGER, ("serve", "--port", "0")):
        said = old_copy.run(*words)
        assert said.code == 2
        assert said.err.startswith("The databases were made by a newer version")


def test_a_broken_ledger_is_named_by_its_rows(old_copy: Installation) -> None:
    with sqlite3.connect(old_copy.data_dir / "bluegpt.sqlite3") as database:
        database.execute(
            "UPDATE credits_grant SET used_microcredits = used_microcredits + 1"
            " WHERE id = (SELECT min(id) FROM credits_grant)"
        )
    database.close()

    said = old_copy.run("ledger", "verify")

    assert said.code == 1
    broken = _marked(said.out)
    assert broken
    assert "             " in said.out  # the rows stand below
    assert said.out.endswith("The books do not add up.\n")
    assert len(broken) == 1
    assert len(_marked(old_copy.run("ledger", "verify", "--all").out)) > 1


def _marked(out: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith("BROKEN")]
