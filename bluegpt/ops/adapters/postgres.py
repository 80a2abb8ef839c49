"""PostgreSQL's own tools, `pg_dump` and `pg_restore`: they know every kind of object and version.

The password goes by the environment, never by the command line that others can see.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db.backends.base.base import BaseDatabaseWrapper

from bluegpt.core import clock
from bluegpt.ops.errors import Complaint

_BEFORE = "bluegpt_before"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
_GOING_S = 3.0  # for who has just said goodbye


def dump(connection: BaseDatabaseWrapper, path: Path) -> None:
    """One consistent snapshot in the custom format. Writers are not disturbed. Raises Complaint."""
    _run(connection, "pg_dump", "--format=custom", "--schema=public", f"--file={path}")


def load(connection: BaseDatabaseWrapper, path: Path) -> None:
    """Put a dump in the place of everything there is; when it fails, that stays. Raises Complaint.

    The tables of before are set aside under another name until the new ones are complete.
    """
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # our own idle connections
    with closing(_alone(connection)) as session:
        _refuse_company(session)
        session.execute(f"DROP SCHEMA IF EXISTS {_BEFORE} CASCADE")
        session.execute(f"ALTER SCHEMA public RENAME TO {_BEFORE}; CREATE SCHEMA public")
        try:
            words = ("--single-transaction", "--exit-on-error", "--schema=public")
            _run(connection, "pg_restore", *words, str(path))
        except BaseException:
            session.execute(f"DROP SCHEMA public CASCADE; ALTER SCHEMA {_BEFORE} RENAME TO public")
            raise
        session.execute(f"DROP SCHEMA {_BEFORE} CASCADE")


@contextmanager
def scratch(wanted: Mapping[str, str]) -> Iterator[None]:
    """Empty databases, by their URL, for as long as this lasts; each made from another's server.

    One of that name that a killed drill has left is dropped first.
    """
    if not wanted:
        yield
        return
    psycopg = import_module("psycopg")
    try:
        for url, own in wanted.items():
            with closing(psycopg.connect(own, autocommit=True)) as session:
                session.execute(f'DROP DATABASE IF EXISTS "{_name(url)}"')
                session.execute(f'CREATE DATABASE "{_name(url)}"')
    except psycopg.Error as error:
        reason = str(error).strip().partition("\n")[0]
        raise Complaint(f"No scratch database could be made: {reason}.", exit_code=1) from None
    try:
        yield
    finally:
        for url, own in wanted.items():
            with closing(psycopg.connect(own, autocommit=True)) as session:
                session.execute(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')


def _name(url: str) -> str:
    return unquote(urlsplit(url).path.lstrip("/")).replace('"', '""')


def _alone(connection: BaseDatabaseWrapper) -> Any:
    """A connection beside the pool, which has more of them than it was asked for."""
    facts = connection.get_connection_params()
    facts.pop("pool", None)
    return connection.Database.connect(**facts, autocommit=True)  # type: ignore[attr-defined]


def _refuse_company(session: Any) -> None:
    """Raises Complaint while anybody else is connected."""
    until_s = clock.monotonic_s() + _GOING_S
    while others := session.execute(_OTHERS).fetchone()[0]:
        if clock.monotonic_s() > until_s:
            raise Complaint(
                f"{others} others are connected to the database: stop every server first."
                " Nothing has changed.",
                exit_code=1,
            )
        time.sleep(0.1)


def _run(connection: BaseDatabaseWrapper, tool: str, *words: str) -> None:
    program = shutil.which(tool)
    if program is None:
        raise Complaint(
            f"A backup of PostgreSQL needs its program {tool}: install the client tools of the"
            " server's version or newer (Debian: postgresql-client).",
            exit_code=1,
        )
    settings = connection.settings_dict
    done = subprocess.run(  # noqa: S603 - a program of the system's, with our own words
        [program, "--no-owner", "--no-privileges", *_place(settings), *words],
        env={"PGPASSWORD": str(settings["PASSWORD"]), "PATH": str(Path(program).parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.strip().partition("\n")[0]
        raise Complaint(f"{tool} failed: {reason}", exit_code=1)


def _place(settings: dict[str, Any]) -> list[str]:
    words = [f"--dbname={settings['NAME']}", "--no-password"]
    for option, key in (("host", "HOST"), ("port", "PORT"), ("username", "USER")):
        if settings[key]:
            words.append(f"--{option}={settings[key]}")
    return words
