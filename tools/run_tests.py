"""`make test`: the suite on SQLite, what must hold on both databases on PostgreSQL, the browser.

What is not on this machine is left out, in so many words; with CI=true its absence is an error.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

_BOTH = "both_databases"
_POSTGRES = "postgresql://postgres@127.0.0.1:5432"
_ON_POSTGRES = {
    "BLUEGPT_DATABASE_URL": f"{_POSTGRES}/bluegpt",
    "BLUEGPT_VAULT_DATABASE_URL": f"{_POSTGRES}/bluegpt_vault",
}
_NOTHING_COLLECTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What the tests of a marker need of the machine, and what is said when it is not there."""

    marker: str
    is_met: bool
    lack: str
    tests: str


def look_around() -> tuple[Need, ...]:
    """What this machine has of what some tests need."""
    return (
        Need(
            marker="browser",
            is_met=_has_program("chromium", "chromium-browser", "google-chrome"),
            lack="Chromium is not installed",
            tests="the tests in a browser",
        ),
        Need(
            marker="valkey",
            is_met=_has_program("valkey-server", "redis-server"),
            lack="neither Valkey nor Redis is installed",
            tests="the tests with several processes",
        ),
        Need(
            marker=_BOTH,
            is_met=_has_postgres(),
            lack=f"PostgreSQL does not answer at {_POSTGRES}",
            tests="the second run, on PostgreSQL, of what must hold on both databases",
        ),
    )


def _has_program(*names: str) -> bool:
    return any(shutil.which(name) for name in names)


def _has_postgres() -> bool:
    """Whether it answers at its usual place and lets `postgres` in without a password."""
    try:
        psycopg.connect(f"{_POSTGRES}/postgres", connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def pytest(*arguments: str, environment: Mapping[str, str] | None = None) -> int:
    """Run pytest on all cores; its exit code."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "auto",
        "--dist",
        "worksteal",
        *arguments,
    ]
    # Processes are started by the hundred: what is compiled for one serves all.
    own = {**(environment or {}), "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.run(command, check=False, env=os.environ | own).returncode


def marked(marker: str) -> list[str]:
    """The files that hold a test with this marker: importing the others takes seconds."""
    files = sorted(Path("tests").rglob("test_*.py"))
    return [str(path) for path in files if marker in path.read_text(encoding="utf-8")]


def main(arguments: list[str]) -> int:
    """Run what can be run; 1 when a test failed, or when CI lacks something."""
    needs = look_around()
    skipped = [f"Skipped: {need.tests}, because {need.lack}." for need in needs if not need.is_met]
    if skipped and os.environ.get("CI") == "true":
        print(*skipped, "CI must run everything.", sep="\n", file=sys.stderr)
        return 1

    unmet = [need.marker for need in needs if not need.is_met]
    left_out = " and ".join(f"not {marker}" for marker in unmet if marker != _BOTH)
    has_failed = pytest("-m", left_out, *arguments) != 0
    if _BOTH not in unmet:
        print("\nOnce more on PostgreSQL:", flush=True)
        code = pytest("-m", _BOTH, *(arguments or marked(_BOTH)), environment=_ON_POSTGRES)
        # A path given on the command line may hold no such test.
        has_failed |= code != 0 and not (arguments and code == _NOTHING_COLLECTED)
    print(*skipped, sep="\n")
    return 1 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
