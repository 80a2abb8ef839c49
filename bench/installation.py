"""A throw-away installation: its own data folder, a real server, a person who is logged in."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

EMAIL = "bench@example.org"
PASSWORD = "Correct-horse-9-battery"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@contextmanager
def data_folder() -> Iterator[Path]:
    """An empty data folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bluegpt-bench-") as folder:
        yield Path(folder)


def command(folder: Path, *words: str, typed: str = "") -> str:
    """Run `bluegpt` on a data folder; what it printed. Raises CalledProcessError."""
    done = subprocess.run(
        [sys.executable, "-m", "bluegpt.ops.cli", *words, "--data", str(folder)],
        input=typed,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@contextmanager
def process(
    words: list[str], environment: Mapping[str, str] | None = None
) -> Iterator[tuple[int, str]]:
    """A Python module as a process that prints its address: its pid and the address."""
    started = subprocess.Popen(
        [sys.executable, "-u", "-m", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    try:
        yield started.pid, _address(started)
    finally:
        started.terminate()
        started.wait(timeout=30)


def _address(started: subprocess.Popen[str]) -> str:
    assert started.stdout is not None
    for line in started.stdout:
        found = _ADDRESS.search(line)
        if found:
            return found.group()
    raise RuntimeError("the process ended before it said where it listens")


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
