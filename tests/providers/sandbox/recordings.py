"""A grammar read off the recorded Anthropic streams: what follows what, with what inside."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.providers.sandbox.clients import Event, events

_FOLDER = Path(__file__).parent.parent / "wire" / "anthropic"
_LEFT_OUT = {"incomplete_partial_json_response.sse"}  # broken on purpose


def check(heard: Sequence[Event]) -> None:
    """Fail when an event stands where none was recorded, or carries what none carried."""
    follows, shapes = _grammar()
    before = "nothing"
    for event in heard:
        kind = _kind(event.body)
        assert kind in follows[before], f"{kind} after {before}"
        for path, types in _fields(event.body):
            assert path in shapes[kind], f"{path} in {kind} was never recorded"
            assert types <= shapes[kind][path], f"{path} in {kind} is {types}"
        before = kind
    assert before == "message_stop"


@cache
def _grammar() -> tuple[Mapping[str, set[str]], Mapping[str, Mapping[str, set[str]]]]:
    follows: dict[str, set[str]] = defaultdict(set)
    shapes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for file in sorted(_FOLDER.glob("*.sse")):
        if file.name in _LEFT_OUT:
            continue
        before = "nothing"
        for event in events(file.read_bytes().rstrip() + b"\n\n"):
            kind = _kind(event.body)
            follows[before].add(kind)
            before = kind
            for path, types in _fields(event.body):
                shapes[kind][path] |= types
    return follows, shapes


def _kind(body: Mapping[str, Any]) -> str:
    """The event's type, with the type of the block or the delta in it."""
    inner = body.get("content_block") or body.get("delta") or {}
    return " ".join(filter(None, (body["type"], inner.get("type"))))


def _fields(node: Any, path: str = "") -> Iterator[tuple[str, set[str]]]:
    yield path, {type(node).__name__}
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _fields(value, f"{path}.{name}")
