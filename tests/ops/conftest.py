"""The `bluegpt` command as people run it: a process of its own, on a data folder of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests import warm
from tests.furnished import furnish

PASSWORD = "Correct-horse-9-battery"
_PROGRAM = (sys.executable, "-m", "bluegpt.ops.cli")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_DATABASES = ("BLUEGPT_DATABASE_URL", "BLUEGPT_VAULT_DATABASE_URL", "BLUEGPT_VALKEY_URL")

_ERASE = """
from uuid import uuid4
from bluegpt.ops.boot import start_django
start_django(None)
from bluegpt.studio.services.conversations import CONVERSATION
from bluegpt.vault.services import erasures
erasures.erase(CONVERSATION, uuid4())
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Installation:
    """A data folder, and the settings that every command on it gets."""

    data_dir: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    begin: warm.Start = warm.start  # `subprocess.Popen`: a process from its very beginning

    def environment(self) -> dict[str, str]:
        own = {"BLUEGPT_ENV": "demo", "BLUEGPT_FIND_LOCAL_MODELS": "no", **self.settings}
        foreign = {*_DATABASES, "BLUEGPT_DATA_DIR", "DJANGO_SETTINGS_MODULE"}
        return {name: text for name, text in os.environ.items() if name not in foreign} | own

    def words(self, *words: str) -> list[str]:
        return [*_PROGRAM, *words, "--data", str(self.data_dir)]

    def run(self, *words: str, typed: str = "") -> Said:
        """One command on the data folder, to its end."""
        return self.run_exactly(*words, "--data", str(self.data_dir), typed=typed)

    def run_exactly(self, *words: str, typed: str = "") -> Said:
        """One command as it stands."""
        done = warm.run([*_PROGRAM, *words], typed=typed, begin=self.begin, env=self.environment())
        return Said(done.returncode, done.stdout, done.stderr)

    def with_person(self, email: str = "alice@example.org") -> str:
        """Make an account; its address."""
        made = self.run("user", "create", email, "--password-stdin", typed=f"{PASSWORD}\n")
        assert made.code == 0, made.err
        return email

    def erase_made_up_row(self) -> None:
        """Erase a conversation that never was: the note is the same."""
        done = warm.run(
            [sys.executable, "-c", _ERASE],
            env=self.environment() | {"BLUEGPT_DATA_DIR": str(self.data_dir)},
        )
        assert done.returncode == 0, done.stderr

    @contextmanager
    def serving(self, *words: str) -> Iterator["Server"]:
        """A server on a free port, ended when the test is over."""
        process = self.begin(
            self.words("serve", "--port", "0", *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment(),
        )
        try:
            yield Server(process, _welcome(process))
        finally:
            if process.poll() is None:
                process.terminate()
            process.communicate(timeout=30)


@dataclass(frozen=True, slots=True)
class Server:
    """A running `bluegpt serve`, and what it printed when it was ready."""

    process: subprocess.Popen[str]
    welcome: str

    @property
    def url(self) -> str:
        found = _ADDRESS.search(self.welcome)
        assert found, self.welcome
        return found.group()

    def get(self, path: str) -> tuple[int, Mapping[str, str], str]:
        """Status, headers and body of a page."""
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, dict(refusal.headers), refusal.read().decode()

    def ready(self, *, within_s: float = 60) -> str:
        """The body of /health/ready once it says so, or when the time is up."""
        deadline_s = time.monotonic() + within_s
        while True:
            status, _headers, body = self.get("/health/ready")
            if status == 200 or time.monotonic() > deadline_s:
                return body
            time.sleep(0.1)


def _welcome(process: subprocess.Popen[str]) -> str:
    """Everything up to the last line of the welcome."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Ctrl+C"):
            return "".join(lines)
    assert process.stderr is not None
    raise AssertionError(f"it did not start: {process.stderr.read()}")


def from_the_beginning(installation: Installation) -> Installation:
    """The same, but each of its processes starts with nothing imported, as an operator's does."""
    return replace(installation, begin=subprocess.Popen)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An empty data folder."""
    return Installation(tmp_path / "data")


@pytest.fixture
def running(tmp_path: Path) -> Installation:
    """An installation that has served before, so that it starts quickly."""
    return Installation(furnish(tmp_path / "data"))


@pytest.fixture(scope="session")
def old_hand(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with one person, shared by the tests that only read it or add to it."""
    shared = Installation(furnish(tmp_path_factory.mktemp("installation") / "data"))
    shared.with_person()
    return shared


@pytest.fixture
def old_copy(old_hand: Installation, tmp_path: Path) -> Installation:
    """A copy of the installation with one person, to be tampered with."""
    shutil.copytree(old_hand.data_dir, tmp_path / "data")
    return Installation(tmp_path / "data")


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A Valkey or Redis server of this test run's own."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        pytest.skip("neither Valkey nor Redis is installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
    )
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=10)
