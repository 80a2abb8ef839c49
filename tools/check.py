"""`make check`: every rule that a machine can watch, two at a time, a line each."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

_BIN = Path(sys.executable).parent
_AT_ONCE = max(2, os.cpu_count() or 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of .venv/bin and its arguments."""

    name: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a step ended; `output` is shown when it failed."""

    step: Step
    is_good: bool
    duration_s: float
    output: str


# The slowest come first, so that the short ones fill the other core.
STEPS = (
    Step(name="types", command="mypy"),
    Step(name="structure", command="python -m pytest -q tests/structure"),
    Step(name="borders", command="lint-imports"),
    Step(name="migrations", command="python -m django makemigrations --check --dry-run"),
    Step(name="templates", command="djlint --lint --quiet bluegpt"),
    Step(name="translations", command="python -m tools.messages check"),
    Step(name="lint", command="ruff check --quiet ."),
    Step(name="format", command="ruff format --check --quiet ."),
)


def run(step: Step, environment: Mapping[str, str]) -> Outcome:
    """Run one step to its end."""
    started_s = time.monotonic()
    program, *arguments = step.command.split()
    done = subprocess.run(
        [_BIN / program, *arguments],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(environment),
    )
    return Outcome(
        step=step,
        is_good=done.returncode == 0,
        duration_s=time.monotonic() - started_s,
        output=done.stdout.strip(),
    )


def main() -> int:
    """Run all steps, show what failed; 1 when anything did."""
    started_s = time.monotonic()
    failed = 0
    with (
        tempfile.TemporaryDirectory(prefix="bluegpt-check-") as data_dir,
        ThreadPoolExecutor(max_workers=_AT_ONCE) as pool,
    ):
        environment = os.environ | {
            "BLUEGPT_ENV": "test",
            "BLUEGPT_DATA_DIR": data_dir,
            "DJANGO_SETTINGS_MODULE": "bluegpt.config.settings",
        }
        for outcome in pool.map(lambda step: run(step, environment), STEPS):
            failed += not outcome.is_good
            mark = "ok    " if outcome.is_good else "FAILED"
            print(f"{mark} {outcome.step.name:<13} {outcome.duration_s:5.1f} s", flush=True)
            if not outcome.is_good:
                print(outcome.output, flush=True)
    took_s = time.monotonic() - started_s
    print(f"{len(STEPS) - failed} of {len(STEPS)} checks passed in {took_s:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
