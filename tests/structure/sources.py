"""The repository's own files, as the structure tests read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "bluegpt"

# The tower from the ground up; neighbours share a floor.
FLOORS = (
    ("core",),
    ("vault",),
    ("mailroom",),
    ("accounts",),
    ("privacy",),
    ("credits", "providers"),
    ("studio",),
    ("web", "api", "backoffice", "ops"),
    ("config",),
)
FLOOR_OF = {app: number for number, floor in enumerate(FLOORS) for app in floor}

# Not ours, or made by a tool: anywhere, and at the top.
_SKIPPED = {"vendor", "migrations", "__pycache__", "node_modules", "wire"}
_SKIPPED_AT_TOP = {"build", "data", "dist"}


def files(*suffixes: str, under: Path = ROOT) -> Iterator[Path]:
    """Our own files with these suffixes, sorted; nothing hidden, vendored or generated."""
    for path in sorted(under.rglob("*")):
        inside = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") or part.endswith(".egg-info") for part in inside)
        skipped = _SKIPPED.intersection(inside[:-1]) or inside[0] in _SKIPPED_AT_TOP
        if path.suffix in suffixes and not hidden and not skipped and path.is_file():
            yield path


def package_files() -> tuple[Path, ...]:
    """The Python files of the product."""
    return tuple(files(".py", under=PACKAGE))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """The path as findings show it."""
    return path.relative_to(ROOT).as_posix()


def module(path: Path) -> str:
    """The dotted name of a Python file."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def app_of(dotted: str) -> str:
    """The app that a module of the product belongs to; empty for anything else."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "bluegpt" and len(parts) > 1 else ""


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every imported name with its line: `from a.b import c` counts as a.b.c."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(path, node)
            for alias in node.names:
                yield node.lineno, f"{base}.{alias.name}"


def dotted(node: ast.AST) -> str:
    """`a.b.c` for an attribute chain on a name; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])
