"""An installation of its own, made to be killed, and the fixtures of the apps at fault."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tests.api.conftest import holder, http, new_holder, site
from tests.credits.conftest import database_clock, price_version, rich_person
from tests.studio.conftest import asking, somebody, studio
from tests.web.conftest import plain_static_files

__all__ = [  # fixtures that live with the app they are about
    "asking",
    "database_clock",
    "holder",
    "http",
    "new_holder",
    "plain_static_files",
    "price_version",
    "rich_person",
    "site",
    "somebody",
    "studio",
]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Mortal:
    """The warm process. Each job is done by a child of its, which may die."""

    process: "subprocess.Popen[str]"

    def do(self, job: str, **facts: Any) -> dict[str, Any]:
        """How the child ended: {"signal": …, "said": …}. Raises AssertionError for its errors."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": job} | facts) + "\n")
        self.process.stdin.flush()
        ended: dict[str, Any] = json.loads(self.process.stdout.readline())
        assert "error" not in ended["said"], ended["said"]["error"]
        return ended


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    """A prepared installation and the process that lets its children die."""
    with (
        _databases() as urls,
        _process("bluegpt.providers.adapters.sandbox", env=os.environ.copy()) as sandbox,
    ):
        assert sandbox.stdout is not None
        own = urls | {"BLUEGPT_DATA_DIR": str(tmp_path_factory.mktemp("mortal"))}
        at = sandbox.stdout.readline().strip()
        with _process("tests.faults.mortal", at, env=os.environ | own) as process:
            mortal = Mortal(process)
            mortal.do("prepare")
            yield mortal


@contextmanager
def _process(*module: str, env: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def _databases() -> Iterator[dict[str, str]]:
    """Empty databases beside the other tests' own; on SQLite the data folder is enough."""
    names = ("BLUEGPT_DATABASE_URL", "BLUEGPT_VAULT_DATABASE_URL")
    given = {name: os.environ[name] for name in names if os.environ.get(name)}
    if not given:
        yield {}
        return
    urls = {name: _renamed(url, f"_mortal_{os.getpid()}") for name, url in given.items()}
    for url in urls.values():
        _administer(url, "CREATE DATABASE {}")
    try:
        yield urls
    finally:
        for url in urls.values():
            _administer(url, "DROP DATABASE {} WITH (FORCE)")


def _renamed(url: str, suffix: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=urlsplit(url).path + suffix))


def _administer(url: str, sql: str) -> None:
    parts = urlsplit(url)
    own = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(own, autocommit=True) as connection:
        connection.execute(SQL(sql).format(Identifier(parts.path.lstrip("/"))))
