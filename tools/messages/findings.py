"""What is wrong with a catalogue, a sentence each."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from tools.messages import catalogue
from tools.messages.sources import found_in

# %(name)s, %s, {name}, and the tags and attributes' quotes that make the text HTML.
_NAMED = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sd]|\{\w*\}")
_TAG = re.compile(r"</?\w+[^>]*>")


def findings(root: Path, po_path: Path) -> Iterator[str]:
    """Everything that keeps the catalogue from saying what the sources below `root` say."""
    wanted = {catalogue.key_of(message): message for message in found_in(root) if message.id}
    present = catalogue.read(po_path)
    known = {catalogue.key_of(message): message for message in present if message.id}
    for key in wanted.keys() - known.keys():
        yield f"missing: {_shown(wanted[key])}"
    for key in known.keys() - wanted.keys():
        yield f"unused: {_shown(known[key])}"
    for message in present.obsolete.values():
        yield f"obsolete: {_shown(message)}"
    for key, message in known.items():
        if key in wanted and wanted[key].id != message.id:
            yield f"missing plural: {_shown(wanted[key])}"
        yield from _entry(message, present)
    if not catalogue.is_fresh(po_path):
        yield f"stale: {po_path.with_suffix('.mo').name} is not what {po_path.name} says"


def _entry(message: Message, present: Catalog) -> Iterator[str]:
    if message.fuzzy:
        yield f"fuzzy: {_shown(message)}"
    english, french = catalogue.english_of(message), catalogue.french_of(message)
    expected = present.num_plurals if message.pluralizable else 1
    if len(french) != expected or not all(french):
        yield f"untranslated: {_shown(message)}"
        return
    for text in french:
        if text != catalogue.unbroken(text):
            yield f"a sign may leave its line: {_shown(message)} → {text!r}"
        if not _has_same_placeholders(text, english):
            yield f"other placeholders: {_shown(message)} → {text!r}"
        if _tags(text) not in [_tags(source) for source in english]:
            yield f"other tags: {_shown(message)} → {text!r}"
        if _edges(text) not in [_edges(source) for source in english]:
            yield f"other space at the edges: {_shown(message)} → {text!r}"


def _has_same_placeholders(text: str, english: list[str]) -> bool:
    """Each plural form may leave out what one English form leaves out ("one file")."""
    sets = [Counter(_NAMED.findall(source)) for source in english]
    least, most = sets[0], sets[0]
    for one in sets[1:]:
        least, most = least & one, most | one
    present = Counter(_NAMED.findall(text))
    return least <= present <= most


def _tags(text: str) -> Counter[str]:
    return Counter(_TAG.findall(text))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _shown(message: Message) -> str:
    context, singular = catalogue.key_of(message)
    place = f"{message.locations[0][0]}: " if message.locations else ""
    return f"{place}{f'[{context}] ' if context else ''}{singular!r}"
