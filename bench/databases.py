"""Throw-away databases for the benchmarks: a data folder, or two databases of PostgreSQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

from bench.installation import data_folder

POSTGRES = "postgresql://postgres@127.0.0.1:5432"

Environment = Mapping[str, str]


@contextmanager
def sqlite() -> Iterator[Environment]:
    """An empty data folder, as the environment of a process; gone afterwards."""
    with data_folder() as folder:
        yield {"BLUEGPT_DATA_DIR": str(folder), "BLUEGPT_ENV": "test"}


@contextmanager
def postgres() -> Iterator[Environment]:
    """Two empty databases of the local PostgreSQL, dropped afterwards."""
    import psycopg

    names = [f"bluegpt_bench_{uuid4().hex[:12]}" for _database in range(2)]
    with (
        data_folder() as folder,
        psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as connection,
    ):
        for name in names:
            connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {
                "BLUEGPT_DATA_DIR": str(folder),
                "BLUEGPT_ENV": "test",
                "BLUEGPT_DATABASE_URL": f"{POSTGRES}/{names[0]}",
                "BLUEGPT_VAULT_DATABASE_URL": f"{POSTGRES}/{names[1]}",
            }
        finally:
            for name in names:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def has_postgres() -> bool:
    """Whether it answers at its usual place and lets `postgres` in without a password."""
    try:
        import psycopg
    except ImportError:
        return False
    try:
        psycopg.connect(f"{POSTGRES}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True
