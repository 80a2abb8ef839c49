"""The import contracts catch what they are there to catch: planted faults, one at a time."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure.sources import FLOOR_OF, ROOT

LINT = Path(sys.executable).with_name("lint-imports")
WORDS = (
    "apps",
    "jobs",
    "listeners",
    "personal_data",
    "flows",
    "services",
    "queries",
    "models",
    "adapters",
    "rules",
    "events",
    "errors",
    "types",
)

FAULTS = {
    "climbing": ("credits/services.py", "import bluegpt.studio.queries", "tower"),
    "a neighbour": ("credits/services.py", "import bluegpt.providers.types.models", "tower"),
    "a neighbour above": ("web/pages.py", "import bluegpt.ops", "tower"),
    "an unknown app": ("helpers/__init__.py", "", "tower"),
    "an unknown word": ("studio/helpers.py", "", "inside"),
    "queries that act": ("studio/queries.py", "import bluegpt.studio.services", "inside"),
    "models that reach out": ("vault/models.py", "import bluegpt.vault.adapters", "inside"),
    "rules that read": ("credits/rules.py", "import bluegpt.credits.models", "inside"),
    "impure rules": ("privacy/rules.py", "import django.db", "rules"),
    "rules with a clock": ("privacy/rules.py", "import bluegpt.core.clock", "rules"),
    "a flow on the network": ("studio/flows.py", "import aiohttp", "network"),
    "a door on the network": ("web/pages.py", "import socket", "network"),
    "a circle": ("web/rooms/a.py", "import bluegpt.web.pages", "circles"),
}


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """A tree with every app and every word in it, and our contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for app in ("", *FLOOR_OF):
        _write(tmp_path, f"{app}/__init__.py", "")
    for app in FLOOR_OF:
        if app not in {"core", "web", "api", "backoffice", "ops", "config"}:
            for word in WORDS:
                _write(tmp_path, f"{app}/{word}.py", "")
    _write(tmp_path, "core/clock.py", "")
    _write(tmp_path, "core/settings.py", "import os")
    _write(tmp_path, "web/rooms/__init__.py", "")
    _write(tmp_path, "web/pages.py", "import bluegpt.web.rooms")
    _write(tmp_path, "studio/adapters.py", "import aiohttp")
    return tmp_path


def _write(root: Path, inside: str, line: str) -> None:
    path = root / "bluegpt" / inside.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text() if path.exists() else ""
    path.write_text(f"{before}{line}\n")


def _lint(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-logo", "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )


def test_a_tree_that_keeps_the_rules_passes(skeleton: Path) -> None:
    result = _lint(skeleton)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(skeleton: Path, fault: str) -> None:
    inside, line, contract = FAULTS[fault]
    _write(skeleton, inside, line)

    result = _lint(skeleton)

    assert result.returncode == 1, result.stdout
    assert _broken(result.stdout) == {contract}


def _broken(report: str) -> set[str]:
    """The contracts that a report calls broken, by id."""
    first_words = {
        "The tower": "tower",
        "Inside an": "inside",
        "No circles": "circles",
        "Only adapters": "network",
        "Rules are": "rules",
    }
    return {
        first_words[start]
        for line in report.splitlines()
        for start in first_words
        if line.startswith(start) and line.endswith("BROKEN")
    }
