"""What changed between two versions of the policy, and what each change asks of us.

Documents are compared as they are published: nested tables of words, numbers and lists. Where a
machine cannot tell whether a change of words widens a promise, people are told.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bluegpt.privacy.rules.durations import duration
from bluegpt.privacy.types.versions import Change, Effect, Kind

Document = Mapping[str, Any]

# What explains a promise without being one.
_EXPLANATIONS = frozenset({"source", "name", "why", "balancing", "terms_url", "review_by"})
_EXPLAINING_CHAPTERS = frozenset({"assessment", "clauses", "legal_watch", "onboarding"})
_NECESSARY = frozenset({"necessary", "strictly_necessary"})


def changes(before: Document, after: Document) -> tuple[Change, ...]:
    """Every line that differs, by its place, with its effect."""
    old, new = dict(_lines(before)), dict(_lines(after))
    return tuple(
        Change(
            path=".".join(path),
            kind=_kind(path, old, new),
            before=_said(old.get(path)),
            after=_said(new.get(path)),
            effect=_effect(path, before, after),
        )
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path)
    )


def effect_of(found: tuple[Change, ...]) -> Effect:
    """What all of them together ask of us: the most that any of them asks."""
    return max((change.effect for change in found), default=Effect.EDITORIAL)


Path = tuple[str, ...]


def _lines(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _lines(inner, (*path, key))
    else:
        yield path, value


def _kind(path: Path, old: Mapping[Path, Any], new: Mapping[Path, Any]) -> Kind:
    if path not in old:
        return Kind.ADDED
    return Kind.CHANGED if path in new else Kind.REMOVED


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return value if isinstance(value, str) else json.dumps(value)


def _effect(path: Path, before: Document, after: Document) -> Effect:
    chapter, *rest = path
    if chapter in _EXPLAINING_CHAPTERS or _EXPLANATIONS.intersection(rest[1:]):
        return Effect.EDITORIAL
    judge = _JUDGES.get(chapter, _tell)
    return judge(path, before, after)


def _tell(path: Path, before: Document, after: Document) -> Effect:
    """A change of anything that is not judged more closely is told."""
    return Effect.NOTIFY


def _purpose(path: Path, before: Document, after: Document) -> Effect:
    """A new purpose, and another class or another basis for one, are asked again."""
    _chapter, key, *rest = path
    if key not in after["purposes"]:
        return Effect.EDITORIAL  # used for less
    if key not in before["purposes"]:
        return Effect.ASK_AGAIN
    if rest[0] == "bases":
        return Effect.ASK_AGAIN if _at(after, path) is not None else Effect.EDITORIAL
    if rest[0] == "recipients":
        return Effect.NOTIFY if _grown(path, before, after) else Effect.EDITORIAL
    return Effect.NOTIFY


def _data_class(path: Path, before: Document, after: Document) -> Effect:
    """A new kind of data is asked again; other words for one are told."""
    if path[1] not in before["data_classes"]:
        return Effect.ASK_AGAIN
    return Effect.NOTIFY if path[1] in after["data_classes"] else Effect.EDITORIAL


def _recipient(path: Path, before: Document, after: Document) -> Effect:
    """Somebody new, or somebody else about them, is told; a new country under consent is asked."""
    key = path[1]
    if key not in after["recipients"]:
        return Effect.EDITORIAL
    if path[-1] == "country" and _rests_on_consent(key, after):
        return Effect.ASK_AGAIN
    return Effect.NOTIFY


def _retention(path: Path, before: Document, after: Document) -> Effect:
    """A longer term, and a term that starts at another fact, are asked again."""
    if path[1] not in before["retention"] or path[1] not in after["retention"]:
        return Effect.NOTIFY
    match path[-1]:
        case "duration" | "ceiling":
            return Effect.ASK_AGAIN if _is_longer(path, before, after) else Effect.EDITORIAL
        case "trigger" | "data_class":
            return Effect.ASK_AGAIN
    return Effect.NOTIFY


def _inactivity(path: Path, before: Document, after: Document) -> Effect:
    """A longer time in which an unused account stays open is asked again."""
    is_in_both = _at(before, path) and _at(after, path)
    if path[-1] == "after" and is_in_both and _is_longer(path, before, after):
        return Effect.ASK_AGAIN
    return Effect.NOTIFY


def _tracer(path: Path, before: Document, after: Document) -> Effect:
    """A tracer that needs consent is asked again."""
    tracer = after["tracers"].get(path[1])
    if not isinstance(tracer, Mapping):
        return Effect.EDITORIAL
    if tracer.get("category") not in _NECESSARY and path[1] not in before.get("tracers", {}):
        return Effect.ASK_AGAIN
    return Effect.NOTIFY


_JUDGES: Mapping[str, Callable[[Path, Document, Document], Effect]] = {
    "purposes": _purpose,
    "data_classes": _data_class,
    "inactivity": _inactivity,
    "recipients": _recipient,
    "retention": _retention,
    "tracers": _tracer,
}


def _at(document: Any, path: Path) -> Any:
    for step in path:
        if not isinstance(document, Mapping) or step not in document:
            return None
        document = document[step]
    return document


def _grown(path: Path, before: Document, after: Document) -> bool:
    return bool(set(_at(after, path) or ()) - set(_at(before, path) or ()))


def _is_longer(path: Path, before: Document, after: Document) -> bool:
    old, new = _at(before, path), _at(after, path)
    # A ceiling that is not written is the duration itself.
    old = old or _at(before, (*path[:-1], "duration"))
    new = new or _at(after, (*path[:-1], "duration"))
    return duration(new).days_about > duration(old).days_about


def _rests_on_consent(recipient: str, after: Document) -> bool:
    return any(
        recipient in purpose.get("recipients", ()) and "consent" in purpose["bases"].values()
        for purpose in after["purposes"].values()
    )
