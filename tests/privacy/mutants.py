"""Every way to change the packaged manifest by one step: less of it, more of it, something new.

A mutant is one chapter with one line changed. What lies off the changed line is shared with the
packaged chapter, so thousands of them cost little memory.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from tests.privacy import vocabulary

Path = tuple[str | int, ...]


class Kind(StrEnum):
    """What a mutant does to the policy."""

    DROPPED = "dropped"
    SHORTENED = "shortened"
    WIDENED = "widened"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One chapter with one line changed, and how to name that line."""

    kind: Kind
    how: str
    chapter: str
    path: Path
    table: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.how}: {'.'.join(str(step) for step in (self.chapter, *self.path))}"


def mutants(document: Mapping[str, Any], chapter: str) -> Iterator[Mutant]:
    """Each mutant of a chapter."""
    table = document[chapter]

    def mutant(kind: Kind, how: str, path: Path, changed: Any) -> Mutant:
        return Mutant(kind=kind, how=how, chapter=chapter, path=path, table=changed)

    for path in ((), *_paths(table)):
        value = _at(table, path)
        for kind, how, other in _others(document, (chapter, *path), value):
            yield mutant(kind, how, path, _with(table, path, other))
        if path:
            yield mutant(Kind.DROPPED, "drop", path, _without(table, path))


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    entries: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, Mapping):
        entries = value.items()
    elif isinstance(value, list):
        entries = enumerate(value)
    for key, inner in entries:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


def _others(document: Mapping[str, Any], path: Path, value: Any) -> Iterator[tuple[Kind, str, Any]]:
    """Everything that a value may be changed into, with the kind and the name of the change."""
    if isinstance(value, bool):
        yield Kind.WIDENED, "turn", not value
    elif isinstance(value, int):
        yield Kind.SHORTENED, "lower", value - 1
        yield Kind.WIDENED, "raise", value + 1
    elif isinstance(value, date):
        yield Kind.SHORTENED, "bring forward", value - timedelta(days=1)
        yield Kind.WIDENED, "put off", value + timedelta(days=1)
    elif isinstance(value, str):
        yield Kind.DROPPED, "empty", ""
        yield from _spans(value)
        for word in vocabulary.instead_of(document, path, value):
            yield Kind.WIDENED, f"{value} becomes {word}", word
    elif isinstance(value, list):
        for word in vocabulary.beside(document, path, value):
            yield Kind.ADDED, f"add {word}", [*value, word]
    elif isinstance(value, Mapping):
        for key, more in vocabulary.under(document, path, value):
            yield Kind.ADDED, f"add {key}", {**value, key: more}
    if isinstance(value, (Mapping, list)) and value and len(path) > 1:
        yield Kind.DROPPED, "empty", type(value)()


def _spans(value: str) -> Iterator[tuple[Kind, str, str]]:
    if not (value.startswith("P") and value[1:-1].isdecimal()):
        return
    number, unit = int(value[1:-1]), value[-1]
    yield Kind.SHORTENED, "shorten", f"P{number - 1}{unit}"
    yield Kind.WIDENED, "lengthen", f"P{number + 1}{unit}"
    yield Kind.WIDENED, "lengthen much", f"P{number + 10}Y"


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _with(value: Any, path: Path, other: Any) -> Any:
    """The value with another one at the path; whatever lies off the path is shared."""
    if not path:
        return other
    copy = value.copy()
    copy[path[0]] = _with(value[path[0]], path[1:], other)
    return copy


def _without(value: Any, path: Path) -> Any:
    *above, last = path
    inner = _at(value, tuple(above)).copy()
    del inner[last]
    return _with(value, tuple(above), inner)
