"""What people read about settings and errors is what the code does."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from bluegpt.core.errors import BlueError, Conflict, Missing, Refused, Unavailable
from bluegpt.core.settings import load
from tests.structure.sources import ROOT, module, package_files

FAMILIES = (Refused, Missing, Conflict, Unavailable)
ENVIRONMENTS = ("demo", "test", "production")


class _Asked(dict[str, str]):
    """An environment that remembers which names were asked for."""

    def __init__(self, given: dict[str, str]) -> None:
        super().__init__(given)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


def _names_the_code_reads() -> set[str]:
    names: set[str] = set()
    for environment in ENVIRONMENTS:
        asked = _Asked({"BLUEGPT_ENV": environment, "BLUEGPT_URL": "https://site.example"})
        load(asked)
        names |= asked.names
    return names


def _rows(page: str) -> Iterator[list[str]]:
    """The rows of a page's tables whose first cell is a name in backticks."""
    for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| `") and len(cells) > 1:
            yield [cells[0].strip("`| "), *cells[1:-1], cells[-1].rstrip("| ")]


SETTINGS = {row[0]: row[1:] for row in _rows("settings.md")}
ERRORS = {row[0]: row[1:] for row in _rows("errors.md")}


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    assert set(SETTINGS) == _names_the_code_reads()


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_a_documented_default_is_the_default(setting: str) -> None:
    default = SETTINGS[setting][0]
    value = match.group(1) if (match := re.fullmatch(r"`(.+)`", default)) else ""

    assert load({setting: value}) == load({})
    assert SETTINGS[setting][1]


def _error_classes() -> dict[type[BlueError], str]:
    for path in package_files():
        if "errors" in Path(module(path).replace(".", "/")).parts:
            import_module(module(path))
    found: dict[type[BlueError], str] = {}
    waiting: list[type[BlueError]] = [BlueError]
    while waiting:
        kind = waiting.pop()
        found[kind] = kind.__module__
        waiting.extend(kind.__subclasses__())
    return {kind: home for kind, home in found.items() if home.startswith("bluegpt.")}


def test_errors_live_where_errors_live() -> None:
    astray = [
        f"{home}.{kind.__name__}"
        for kind, home in _error_classes().items()
        if "errors" not in home.split(".")
    ]

    assert not astray, "\n".join(astray)


def test_every_error_has_a_code_of_its_own() -> None:
    kinds = list(_error_classes())

    codes = [kind.__dict__.get("code", f"{kind.__name__} has none") for kind in kinds]

    assert sorted(codes) == sorted(set(codes))
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z_]+", code)] == []


def test_every_error_is_documented_with_its_family() -> None:
    families = {
        kind.code: next((family.code for family in FAMILIES if issubclass(kind, family)), "error")
        for kind in _error_classes()
        if kind is not BlueError
    }

    assert {code: row[0].strip("`") for code, row in ERRORS.items()} == families
    assert all(row[1] for row in ERRORS.values())
