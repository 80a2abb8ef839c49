"""Every way to shorten the packaged manifest by one step, and the promises that must notice."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

Path = tuple[str | int, ...]


def mutants(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each mutant with its name: a line dropped, emptied, shortened, turned or put off."""
    for path in _paths(document):
        value = _at(document, path)
        yield _named("drop", path), _without(document, path)
        for how, other in _other_values(value):
            yield _named(how, path), _with(document, path, other)


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    entries: list[tuple[str | int, Any]] = []
    if isinstance(value, Mapping):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    for key, inner in entries:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _other_values(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool):
        yield "turn", not value
    elif isinstance(value, int):
        yield "lower", value - 1
    elif isinstance(value, date):
        yield "put off", value + timedelta(days=365)
    elif isinstance(value, str):
        yield "empty", ""
        if value.startswith("P") and value[1:-1].isdecimal():
            yield "shorten", f"P{int(value[1:-1]) - 1}{value[-1]}"
            yield "lengthen", f"P{int(value[1:-1]) + 1}{value[-1]}"
    elif isinstance(value, (Mapping, list)) and value:
        yield "empty", type(value)()


def _named(how: str, path: Path) -> str:
    return f"{how} {'.'.join(str(step) for step in path)}"


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def _with(document: Any, path: Path, value: Any) -> Any:
    """The document with another value at the path; whatever lies off the path is shared."""
    if not path:
        return value
    copy = document.copy()
    copy[path[0]] = _with(document[path[0]], path[1:], value)
    return copy


def _without(document: Any, path: Path) -> Any:
    *above, last = path
    inner = _at(document, tuple(above)).copy()
    del inner[last]
    return _with(document, tuple(above), inner)
