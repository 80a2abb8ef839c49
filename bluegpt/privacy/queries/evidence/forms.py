"""What the forms of this process ask, against what the manifest says that they ask."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.urls import get_resolver
from django.utils.translation import gettext as _

from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries.manifest import manifest

# Ask nothing new: one gives back what was typed, the others look for and choose among what is
# already kept.
_ASKS_NOTHING = frozenset(
    {
        "expired_form.html",
        "studio/search.html",
        "studio/_gallery_filter.html",
        "studio/_selection.html",
        "studio/_tile.html",
    }
)
_CONTROL = re.compile(r"<(?:input|select|textarea)\b(?![^>]*type=\"hidden\")[^>]*\bname=\"(\w+)\"")
_STATED = re.compile(r"{% asked \"(\w+)\" \"(\w+)\" as ")


def fields() -> str:
    """Each field says whether it must be given and what follows if not, as the manifest has it.

    Raises NoEvidence with the fields where it does not.
    """
    described = {
        (form.key, field.name): field.required
        for form in manifest().forms.values()
        for field in form.fields.values()
    }
    of_classes, by_hand = dict(_of_classes()), set(_by_hand())
    wrong = {
        *manifest().forms.keys() - {form for form, _field in of_classes.keys() | by_hand},
        *(".".join(each) for each in by_hand - described.keys()),
        *(
            ".".join(each)
            for each in of_classes.keys() & described.keys()
            if of_classes[each] is not described[each]
        ),
        *_silent(),
    }
    if wrong:
        raise NoEvidence(
            _("Not asked as the policy says: %(fields)s.") % {"fields": ", ".join(sorted(wrong))}
        )
    return _("%(count)d fields in %(forms)d forms, each with what follows if it stays empty.") % {
        "count": len(described),
        "forms": len(manifest().forms),
    }


def _of_classes() -> Iterator[tuple[tuple[str, str], bool]]:
    """The fields that form classes declare, and whether each is required."""
    get_resolver().url_patterns  # noqa: B018 - the pages and with them their forms are loaded
    waiting: list[Any] = [forms.BaseForm]
    while waiting:
        found = waiting.pop()
        waiting += found.__subclasses__()
        if asked_as := getattr(found, "asked_as", ""):
            for name, field in getattr(found, "base_fields", {}).items():
                yield (asked_as, name), field.required


def _by_hand() -> Iterator[tuple[str, str]]:
    """The fields that templates write themselves and state."""
    for _name, words in _pages():
        yield from _STATED.findall(words)


def _silent() -> Iterator[str]:
    """The fields that templates write themselves and do not state, as `template: name`."""
    for page, words in _pages():
        stated = {field for _form, field in _STATED.findall(words)}
        yield from (f"{page}: {name}" for name in _CONTROL.findall(words) if name not in stated)


def _pages() -> Iterator[tuple[str, str]]:
    engines: list[dict[str, Any]] = settings.TEMPLATES
    for folder in (Path(folder) for engine in engines for folder in engine["DIRS"]):
        for path in sorted(folder.rglob("*.html")):
            name = str(path.relative_to(folder))
            if name not in _ASKS_NOTHING:
                yield name, path.read_text(encoding="utf-8")
