"""Each field says whether it must be filled in, and what follows if it is not."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.core.context import request_context
from django import forms
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from django.urls import get_resolver
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.backoffice.forms import StaffForm
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries.evidence import forms as evidence
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.web.accounts import forms as accounts
from bluegpt.web.credits import forms as credits
from bluegpt.web.privacy.forms import DayForm
from bluegpt.web.studio.forms import SearchForm, TitleForm
from bluegpt.web.studio.gallery_forms import GalleryForm
from bluegpt.web.studio.views.made_here import DigestForm
from tests.ops.conftest import PASSWORD

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

# They ask what to show or to look for, and nothing of the answer is kept.
KEEP_NOTHING = {credits.PeriodForm, DayForm, DigestForm, GalleryForm, SearchForm}

OF_A_PERSON = (
    accounts.ActivateTOTPForm,
    accounts.AddPasskeyForm,
    accounts.AuthenticateForm,
    accounts.ReauthenticateByCodeForm,
    accounts.ReauthenticateForm,
)


def form_classes(above: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    """Every form of ours; those of libraries are reached through them alone."""
    get_resolver().url_patterns  # noqa: B018 - loads every page
    for found in above.__subclasses__():
        if found.__module__.startswith("bluegpt."):
            yield found
        yield from form_classes(found)


# Staff write about others there, and nothing of themselves.
CLASSES = [each for each in form_classes() if not issubclass(each, StaffForm)]


def made(form: type[forms.BaseForm], person: Person) -> forms.BaseForm:
    """A form as its page makes it."""
    options: dict[type, dict[str, Any]] = {
        credits.LimitForm: {"keys": {}},
        credits.PeriodForm: {"data": {}},
        accounts.EditPasskeyForm: {
            "instance": SimpleNamespace(wrap=lambda: SimpleNamespace(name="My phone"))
        },
        **{each: {"user": person} for each in OF_A_PERSON},
    }
    request = RequestFactory().get("/")
    request.user, request.session = person, SessionStore()
    with request_context(request):
        return form(**options.get(form, {}))


def undeclared(form: forms.BaseForm) -> list[str]:
    """What a form asks otherwise than the manifest says. Fields that the page fills in aside."""
    asked_as = getattr(form, "asked_as", "")
    described = manifest().forms[asked_as].fields if asked_as else {}
    return [
        name
        for name, field in form.fields.items()
        if not field.widget.is_hidden
        and (name not in described or described[name].required is not field.required)
    ]


@pytest.mark.parametrize("form", CLASSES, ids=lambda form: form.__name__)
def test_a_form_asks_what_the_manifest_says(form: type[forms.BaseForm], person: Person) -> None:
    found = made(form, person)

    assert undeclared(found) == [] or form in KEEP_NOTHING


def test_the_walk_finds_the_forms_of_every_door_and_every_form_of_the_manifest() -> None:
    found = {getattr(each, "asked_as", "") for each in CLASSES}
    by_hand = {form for form, _field in evidence._by_hand()}

    assert {"signup", "contact", "limit", "message"} <= found
    assert (found | by_hand) - {""} == set(manifest().forms)


def test_an_undeclared_field_is_noticed() -> None:
    form = TitleForm()
    form.fields["birthday"] = forms.DateField(required=False)

    assert undeclared(form) == ["birthday"]


def test_a_field_that_became_compulsory_is_noticed() -> None:
    form = TitleForm()
    form.fields["title"].required = False

    assert undeclared(form) == ["title"]


def test_what_is_asked_is_evidence_until_a_class_or_a_page_asks_otherwise(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    assert "fields in" in evidence.fields()

    with monkeypatch.context() as patch:
        patch.setattr(TitleForm.base_fields["title"], "required", False)
        with pytest.raises(NoEvidence, match=r"title\.title"):
            evidence.fields()

    (tmp_path / "quiz.html").write_text('<input type="text" name="birthday">', encoding="utf-8")
    folders = [*settings.TEMPLATES[0]["DIRS"], tmp_path]
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": folders}]
    with pytest.raises(NoEvidence, match=r"quiz\.html: birthday"):
        evidence.fields()


class Page(HTMLParser):
    """The words by the id of what holds them, and what describes each named control or holds it."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: dict[str, str] = {}
        self.controls: dict[str, list[str]] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "label":
            given.setdefault("id", f"label at {self.getpos()}")
        is_control = tag in {"input", "select", "textarea"} and given.get("type") != "hidden"
        if is_control and given.get("name"):
            around = [id for tag, id in self._open if tag == "label"]
            self.controls[given["name"]] = given.get("aria-describedby", "").split() + around
        if tag not in {"input", "br", "img", "meta", "link", "hr"}:
            self._open.append((tag, given.get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _tag, id in self._open:
            self.words[id] = self.words.get(id, "") + data

    def silent(self, consequences: set[str]) -> list[str]:
        """The controls that nothing on the page says the consequence of."""
        return [
            name
            for name, describing in self.controls.items()
            if not any(
                each in " ".join(self.words.get(id, "").split())
                for each in consequences
                for id in describing
            )
        ]


OPEN = (
    *("/account/signup/", "/account/login/", "/account/password/reset/"),
    *("/privacy/contact", "/privacy/contact/code"),
)
OWN = (
    *("/conversations", "/conversations/temporary", "/credits/limits", "/account/closure"),
    *("/images",),
    *("/account/privacy", "/account/privacy/archive", "/account/privacy/requests"),
    *("/account/privacy/erasure", "/account/privacy/directives", "/account/keys"),
    *("/account/email/", "/account/password/change/", "/account/reauthenticate/"),
)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", [*OPEN, *OWN])
def test_a_page_says_beside_each_field_what_follows_without_it(
    visitor: Client, person: Person, path: str, language: str
) -> None:
    if path in OWN:
        visitor.force_login(person)
        visitor.post("/account/reauthenticate/", {"password": PASSWORD})
    consequences = {
        field.without.in_language(language)
        for form in manifest().forms.values()
        for field in form.fields.values()
    }

    answer = visitor.get(path, headers={"Accept-Language": language})

    page = Page(answer.content.decode())
    assert answer.status_code == 200
    assert page.controls
    assert page.silent(consequences) == []


def test_a_label_says_whether_its_field_must_be_filled_in(visitor: Client) -> None:
    page = visitor.get("/privacy/contact").content.decode()

    assert page.count('<span class="field-mark">required</span>') == 3
    assert page.count('<span class="field-mark">optional</span>') == 1
