"""Every message in the sources, Python files and templates alike."""

import ast
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

_Spec = tuple[int | tuple[int, int] | tuple[int, str], ...]

_TEMPLATE_ENDINGS = {".html", ".txt"}
_COMMENT_TAGS = ("Translators",)
# Django's functions, and which of their arguments Babel takes ("c": the context); from one on.
_SPECS: Mapping[str, _Spec] = {
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_IN_TEMPLATES = {**_SPECS, "_": _SPECS["gettext"]}


def found_in(root: Path) -> Catalog:
    """All messages below a folder, each with the files it comes from. Nothing is translated."""
    found = Catalog(locale="fr", domain="django", charset="utf-8", fuzzy=False)
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root)
        if path.suffix == ".py" and "migrations" not in path.parts:
            python = path.read_text("utf-8")
            _take(found, place, python, _names_in(python))
        elif path.suffix in _TEMPLATE_ENDINGS and "templates" in path.parts:
            calls = templatize(path.read_text("utf-8"), origin=str(place))
            # What stands around the calls is filler, so its indentation would mean nothing.
            flush_left = "\n".join(line.lstrip() for line in calls.splitlines())
            _take(found, place, flush_left, _IN_TEMPLATES)
    return found


def _take(found: Catalog, place: Path, python: str, names: Mapping[str, _Spec]) -> None:
    """Add the messages of one file. A call with a variable is passed over: the message stands
    where the variable gets its value."""
    source = BytesIO(python.encode())
    calls = extract("python", source, names, _COMMENT_TAGS, {"encoding": "utf-8"})
    for line, message, comments, context in calls:
        found.add(
            message,
            context=context,
            locations=[(place.as_posix(), line)],
            auto_comments=comments,
        )


def _names_in(python: str) -> Mapping[str, _Spec]:
    """What a Python file calls Django's translating functions."""
    return dict(_imported(ast.parse(python)))


def _imported(module: ast.Module) -> Iterator[tuple[str, _Spec]]:
    for node in ast.walk(module):
        if not isinstance(node, ast.ImportFrom):
            continue
        if node.module == "django.utils.translation":
            for name in node.names:
                if name.name in _SPECS:
                    yield name.asname or name.name, _SPECS[name.name]
        elif node.module == "django.utils" and any(n.name == "translation" for n in node.names):
            yield from _SPECS.items()  # called as translation.gettext(…)
