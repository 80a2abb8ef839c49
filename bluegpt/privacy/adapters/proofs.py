"""What a clause points at, looked up where it must be: modules, test files, our own source."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]


def object_at(place: str) -> object:
    """What stands at a dotted place. Raises LookupError when nothing does."""
    parts = place.split(".")
    for cut in range(len(parts), 0, -1):
        module = ".".join(parts[:cut])
        try:
            found: object = import_module(module)
        except ModuleNotFoundError as missing:
            if missing.name is None or not f"{module}.".startswith(f"{missing.name}."):
                raise
            continue
        for name in parts[cut:]:
            if not hasattr(found, name):
                raise LookupError(f"{module} has no {'.'.join(parts[cut:])}")
            found = getattr(found, name)
        return found
    raise LookupError(f"there is no module {place}")


def tests_folder() -> Path | None:
    """The folder that holds `tests`; None where the product is installed without them."""
    return _PACKAGE.parent if (_PACKAGE.parent / "tests" / "privacy").is_dir() else None


def has_test(root: Path, test: str) -> bool:
    """Whether a pytest id such as `tests/a.py::test_b` names a test that is written there."""
    file, *names = test.partition("[")[0].split("::")
    return "::".join(names) in _tests_in(root / file)


def evidence_functions() -> Iterator[str]:
    """The dotted place of every public function in a module called `evidence`."""
    for path in (*_PACKAGE.rglob("evidence.py"), *_PACKAGE.rglob("evidence/*.py")):
        module = ".".join(("bluegpt", *path.relative_to(_PACKAGE).with_suffix("").parts))
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{module}.{node.name}"


def lines_naming(clause: str) -> tuple[str, ...]:
    """Where our code names a clause, as `file:line`."""
    named = re.compile(rf"""["']{clause}["']""")
    return tuple(
        f"{path.relative_to(_PACKAGE.parent)}:{number}"
        for path, lines in _source()
        for number, line in enumerate(lines, start=1)
        if named.search(line)
    )


def files_of_code() -> int:
    """How many files of code there are."""
    return len(_source())


# The files do not change while the process runs.
@cache
def _source() -> tuple[tuple[Path, tuple[str, ...]], ...]:
    return tuple(
        (path, tuple(path.read_text(encoding="utf-8").splitlines()))
        for path in sorted(_PACKAGE.rglob("*.py"))
    )


@cache
def _tests_in(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{inner.name}"
                for inner in node.body
                if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef))
            }
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test_"))
