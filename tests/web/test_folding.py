"""Folded templates say what the templates say, in every language, and look up less."""

import re
from collections.abc import Callable

import pytest
from django.template import Context, Engine
from django.template.base import NodeList, TextNode
from django.test import Client
from django.urls import set_script_prefix
from django.utils import translation

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.studio.models import Conversation
from bluegpt.studio.services.sealing import seal_text
from bluegpt.web import folding

PAGES = ("/style-guide", "/models", "/privacy", "/conversations", "/search", "/credits")
_LIBRARIES = {"i18n": "django.templatetags.i18n", "web": "bluegpt.web.templatetags.web"}


def _engine(**templates: str) -> Engine:
    """Templates by name, folded as those of the site are."""
    kept = ("django.template.loaders.locmem.Loader", templates)
    return Engine(loaders=[("bluegpt.web.folding.Loader", [kept])], libraries=_LIBRARIES)


def _nodes(source: str) -> NodeList:
    nodes: NodeList = _engine(page="{% load i18n web %}" + source).get_template("page").nodelist
    return nodes


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Copy" %}',
        '{% translate "Pinned" context "conversations" %}',
        "{% blocktranslate %}Your message{% endblocktranslate %}",
        "{% url 'studio:conversations' %}",
        '{% icon "down" %}',
        '{% face "copy" _("Copy") %}',
        '{% icon "down" %}a{% translate "Copy" %}b',
    ],
)
def test_what_is_always_the_same_is_text(plain_static_files: None, source: str) -> None:
    nodes = _nodes(source)

    assert isinstance(nodes[-1], TextNode)
    assert len(nodes) == 2, "the library's line, and one text"


@pytest.mark.parametrize(
    "source",
    [
        "{% translate words %}",
        '{% translate "Copy" as words %}',
        '{% translate "Copy"|upper %}',
        '{% translate "Pinned" context place %}',
        "{% blocktranslate with name=words %}Hello {{ name }}{% endblocktranslate %}",
        "{% blocktranslate asvar words %}Your message{% endblocktranslate %}",
        "{% url 'studio:conversation' conversation_id %}",
        "{% url 'studio:conversations' as words %}",
        "{% url 'nobody:here' %}",
        "{% url place %}",
        '{% face "copy" words %}',
        "{% icon words %}",
        "{% icon 'down' as words %}",
        "{% address 'studio:conversations' %}",
    ],
)
def test_what_may_differ_is_looked_up_each_time(plain_static_files: None, source: str) -> None:
    assert not any(isinstance(node, TextNode) for node in _nodes(source))


def test_what_stands_inside_is_folded_too() -> None:
    engine = _engine(
        page="{% load i18n %}"
        "{% if a %}{% for b in a %}{% translate 'Copy' %}{% endfor %}{% endif %}"
    )

    with translation.override("en"):
        page = engine.get_template("page")

    assert len(page.nodelist.get_nodes_by_type(TextNode)) == 1
    assert page.render(Context({"a": "xyz"})) == "CopyCopyCopy"


def test_each_language_has_its_own() -> None:
    engine = _engine(page="{% load i18n %}{% translate 'Copy' %}")
    said = []
    for language in ("en", "fr", "en"):
        with translation.override(language):
            said.append(engine.get_template("page").render(Context()))

    assert said == ["Copy", "Copier", "Copy"]


def test_each_place_of_the_site_has_its_own() -> None:
    engine = _engine(page="{% url 'studio:conversations' %}")
    try:
        set_script_prefix("/chat/")
        below = engine.get_template("page").render(Context())
    finally:
        set_script_prefix("/")

    assert below == "/chat/conversations"
    assert engine.get_template("page").render(Context()) == "/conversations"


def test_a_missing_address_is_an_error_where_it_is_shown() -> None:
    page = _engine(page="{% if a %}{% url 'nobody:here' %}{% endif %}").get_template("page")

    assert page.render(Context()) == ""


@pytest.mark.django_db(databases=["default", "vault"])
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_reads_the_same_folded_or_not(
    browser_of: Client,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    same_each_time: Callable[[bytes], bytes],
    path: str,
    language: str,
) -> None:
    _conversation(person)
    loader = Engine.get_default().template_loaders[0]
    headers = {"Accept-Language": language}
    loader.reset()
    folded = browser_of.get(path, headers=headers)

    loader.reset()
    monkeypatch.setattr(folding, "_never_changes", lambda _node: False)
    plain = browser_of.get(path, headers=headers)
    loader.reset()

    assert folded.status_code == plain.status_code == 200
    assert same_each_time(folded.content) == same_each_time(plain.content)


@pytest.fixture
def same_each_time() -> Callable[[bytes], bytes]:
    """A page without what is drawn anew for each request."""
    drawn = re.compile(
        rb'(name="csrfmiddlewaretoken" value|nonce|name="request_key" value)="[^"]*"'
    )
    return lambda content: drawn.sub(rb"\1", content)


def _conversation(person: Person) -> None:
    row_id, now = new_id(), clock.now()
    Conversation.objects.create(
        id=row_id,
        person_id=person.id,
        title_sealed=seal_text(
            "On words", person_id=person.id, place="conversation.title", row_id=row_id
        ),
        model_key="sandbox/writer",
        created_at=now,
        last_message_at=now,
    )
