"""Templates: nothing inline for the CSP to forbid, nothing visible that cannot be translated."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.structure.sources import PACKAGE, files, name

PAGES = tuple(path for path in files(".html", ".txt", under=PACKAGE) if "templates" in path.parts)

# Names that are the same in every language.
UNTRANSLATED = {"BlueGPT", "English", "Français", "JPEG", "PDF", "PNG", "SHA", "WebP"}
# Data for scripts and the import map are not scripts; browsers take the map only inline.
DATA_TYPES = {"importmap", "application/json"}
VISIBLE_ATTRIBUTES = {"alt", "aria-description", "aria-label", "label", "placeholder", "title"}

_TRANSLATED = re.compile(r"{%\s*(blocktranslate|blocktrans|comment)\b.*?{%\s*end\1\s*%}", re.DOTALL)
_TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
# A block whose place in some template is inside an HTML tag: a class name, not a text.
_IN_A_TAG = re.compile(r"<[a-z][^<>]*?{%\s*block\s+(\w+)\s*%}[^<>]*>")
_WORD = re.compile(r"[^\W\d_]+")


class _Reader(HTMLParser):
    """Collects what the CSP would forbid and what a reader would see untranslated."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inline: list[str] = []
        self.visible: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (
            tag == "script" and "src" not in given and given.get("type") not in DATA_TYPES
        ):
            self.inline.append(f"<{tag}>")
        self.inline += [key for key in given if key == "style" or re.fullmatch(r"on[a-z]+", key)]
        for key in VISIBLE_ATTRIBUTES & set(given):
            self.visible += _words(given[key] or "")
        if tag == "input" and given.get("type") in {"button", "reset", "submit"}:
            self.visible += _words(given.get("value") or "")
        if tag in {"script", "style", "code", "kbd"}:
            self._silent = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.visible += _words(data)


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word not in UNTRANSLATED]


def _blocks_in_tags() -> frozenset[str]:
    pages = (path.read_text(encoding="utf-8") for path in PAGES)
    return frozenset(block for page in pages for block in _IN_A_TAG.findall(page))


BLOCKS_IN_TAGS = _blocks_in_tags()


def read(source: str, silent_blocks: Iterable[str] = ()) -> _Reader:
    """What is left of a template when its tags are taken out, read as a page."""
    for block in silent_blocks:
        source = re.sub(rf"{{%\s*block {block}\s*%}}.*?{{%\s*endblock[^%]*%}}", "", source)
    reader = _Reader()
    reader.feed(_TAG.sub("", _TRANSLATED.sub("", source)))
    reader.close()
    return reader


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_has_nothing_inline(path: Path) -> None:
    assert read(path.read_text(encoding="utf-8")).inline == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_shows_only_what_can_be_translated(path: Path) -> None:
    assert read(path.read_text(encoding="utf-8"), BLOCKS_IN_TAGS).visible == []


@pytest.mark.parametrize(
    ("source", "inline"),
    [
        ('<button onclick="go()"></button>', ["onclick"]),
        ('<p style="color: red"></p>', ["style"]),
        ("<style>p {}</style>", ["<style>"]),
        ("<script>go()</script>", ["<script>"]),
        ('<script src="{% static "x.js" %}"></script>', []),
        ('<script type="importmap" nonce="{{ request.csp_nonce }}">{}</script>', []),
        ('<section data-on="x"></section>', []),
    ],
)
def test_the_reader_sees_what_is_inline(source: str, inline: list[str]) -> None:
    assert read(source).inline == inline


@pytest.mark.parametrize(
    ("source", "visible"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{% translate "Hello" %} BlueGPT &middot; 3</p>', []),
        ("<p>{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}</p>", []),
        ('<img alt="A cat">', ["A", "cat"]),
        ("<img alt=\"{% translate 'A cat' %}\">", []),
        ('<input type="submit" value="Send">', ["Send"]),
        ('<input type="hidden" value="send">', []),
        ("<!-- a note --><code>make run</code>{# another #}", []),
    ],
)
def test_the_reader_sees_what_is_visible(source: str, visible: list[str]) -> None:
    assert read(source).visible == visible
