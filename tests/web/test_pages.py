"""Pages without a browser: who may see them, what a refusal keeps, what a header says."""

import json
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.errors import Conflict, Missing, Refused, Unavailable
from bluegpt.core.ids import new_id
from bluegpt.providers.types.turns import Role
from bluegpt.studio.models import Conversation
from bluegpt.studio.services.sealing import seal_text
from bluegpt.studio.types.calls import Position
from bluegpt.studio.types.conversations import TemporaryTurn
from bluegpt.web import errors
from bluegpt.web.studio.forms import HistoryField, MessageForm
from bluegpt.web.studio.views.stream import position_from

PRIVATE = (
    *("/conversations", "/conversations/temporary", "/conversations/all"),
    *("/search", "/credits"),
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PRIVATE)
def test_a_private_page_asks_a_stranger_to_log_in(visitor: Client, path: str) -> None:
    answer = visitor.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/models", "/style-guide", "/robots.txt", "/made-here"])
def test_a_public_page_is_open_to_all(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("path", PRIVATE)
def test_a_private_page_is_there_for_its_person(browser_of: Client, path: str) -> None:
    answer = browser_of.get(path)

    assert answer.status_code == 200
    if path != "/search":
        assert "private" in answer["Cache-Control"]


def test_the_policy_allows_nothing_inline_but_what_carries_the_nonce(browser_of: Client) -> None:
    answer = browser_of.get("/conversations")

    policy = answer["Content-Security-Policy"]
    nonce = policy.split("'nonce-", 1)[1].split("'", 1)[0]
    page = answer.content.decode()
    assert "unsafe-inline" not in policy
    assert page.count("<script") == page.count("<script type=")
    assert f'<script type="importmap" nonce="{nonce}">' in page


def test_somebody_elses_conversation_is_as_missing_as_none(browser_of: Client) -> None:
    answer = browser_of.get(f"/conversations/{new_id()}")

    assert answer.status_code == 404
    assert "does not exist" in answer.content.decode()


def test_a_script_gets_a_refusal_as_a_piece_for_its_page(browser_of: Client) -> None:
    answer = browser_of.get(f"/conversations/{new_id()}", headers={"x-fragment": "1"})

    page = answer.content.decode()
    assert answer.status_code == 404
    assert page.startswith('<template data-swap="fill" data-target="notices">')
    assert "<html" not in page


@pytest.mark.parametrize(
    ("error", "status"),
    [(Refused(), 422), (Missing(), 404), (Conflict(), 409), (Unavailable(), 503)],
)
def test_each_family_has_its_status(error: Refused, status: int) -> None:
    assert errors.status_of(error) == status


@pytest.mark.django_db(transaction=True)
def test_a_refused_message_keeps_what_was_typed(visitor: Client, person: Person) -> None:
    visitor.force_login(person)
    typed = {"text": "Do <not> lose this", "model": "nobody/nothing", "system": "Be brief."}

    answer = visitor.post("/messages", typed)

    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Do &lt;not&gt; lose this</textarea>" in page
    assert "Be brief.</textarea>" in page
    assert "There is no such model" in page


@pytest.mark.django_db(transaction=True)
def test_a_refused_temporary_message_keeps_the_turns(visitor: Client, person: Person) -> None:
    visitor.force_login(person)
    turns = [{"role": "user", "text": "One"}, {"role": "assistant", "text": "Two"}]
    typed = {"text": "Three", "model": "nobody/nothing", "temporary": "yes"}

    answer = visitor.post("/messages", {**typed, "history": json.dumps(turns)})

    page = answer.content.decode()
    assert answer.status_code == 404
    assert all(f">{text}<" in page for text in ("One", "Two", "Three"))
    assert "&quot;Two&quot;" in page


def test_an_expired_form_keeps_what_was_typed(person: Person, plain_static_files: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    typed = {"text": "A long letter", "model": "sandbox/writer", "password": "hush"}

    answer = browser.post("/messages", typed, headers={"sec-fetch-site": "same-origin"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "A long letter</textarea>" in page
    assert 'name="csrfmiddlewaretoken"' in page
    assert "hush" not in page


def test_a_form_from_elsewhere_is_not_offered_again(
    person: Person, plain_static_files: None
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)

    answer = browser.post("/messages", {"text": "Buy"}, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert "Buy" not in answer.content.decode()


def test_a_script_with_an_expired_form_gets_a_fresh_token(
    person: Person, plain_static_files: None
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)

    answer = browser.post("/messages", {"text": "Hello"}, headers={"x-fragment": "1"})
    token = answer.content.decode().split('data-token="', 1)[1].split('"', 1)[0]
    again = browser.post("/preferences/theme", {"theme": "dark", "csrfmiddlewaretoken": token})

    assert answer.status_code == 403
    assert again.status_code == 303


def test_a_chosen_theme_is_kept_with_the_person(browser_of: Client, person: Person) -> None:
    browser_of.post("/preferences/theme", {"theme": "dark"})
    browser_of.cookies.pop("theme")

    person.refresh_from_db()
    assert person.theme == "dark"
    assert '<html lang="en" data-theme="dark">' in browser_of.get("/credits").content.decode()


@pytest.mark.django_db
def test_a_visitors_theme_is_kept_in_a_cookie(visitor: Client) -> None:
    answer = visitor.post("/preferences/theme", {"theme": "light", "next": "/models"})

    assert answer["Location"] == "/models"
    assert 'data-theme="light"' in visitor.get("/models").content.decode()


@pytest.mark.django_db
def test_a_preference_leads_to_no_other_site(visitor: Client) -> None:
    answer = visitor.post("/preferences/theme", {"theme": "dark", "next": "https://evil.example"})

    assert answer["Location"] == "/"


def test_a_chosen_language_goes_before_the_browsers(browser_of: Client) -> None:
    french = {"accept-language": "fr"}
    before = browser_of.get("/credits", headers=french)

    browser_of.post("/preferences/language", {"language": "en"})

    assert before["Content-Language"] == "fr"
    assert browser_of.get("/credits", headers=french)["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("3.14", Position(reasoning_chars=3, text_chars=14)),
        ("", Position()),
        ("3", Position()),
        ("-1.2", Position()),
        ("1.2.3", Position()),
        ("٣.١", Position()),
        ("1.9999999999", Position()),
    ],
)
def test_an_event_id_names_a_position_or_the_beginning(text: str, position: Position) -> None:
    assert position_from(text) == position


def test_a_history_is_taken_turn_by_turn() -> None:
    turns = [{"role": "user", "text": "a"}, {"role": "assistant", "text": "b"}]

    assert HistoryField(required=False).clean(json.dumps(turns)) == (
        TemporaryTurn(role=Role.USER, text="a"),
        TemporaryTurn(role=Role.ASSISTANT, text="b"),
    )


@pytest.mark.parametrize(
    "history",
    [
        "{",
        "7",
        '["a"]',
        '[{"role": "system", "text": "a"}]',
        '[{"role": "user", "text": "a"}]',
        '[{"role": "user", "text": 7}, {"role": "assistant", "text": "b"}]',
        '[{"role": "assistant", "text": "a"}, {"role": "user", "text": "b"}]',
    ],
)
def test_a_history_that_our_page_did_not_make_is_refused(history: str) -> None:
    form = MessageForm({"text": "x", "model": "m", "temporary": "yes", "history": history})

    assert not form.is_valid()
    assert "lost track" in str(form.errors["history"])


def test_a_message_keeps_its_spaces() -> None:
    form = MessageForm({"text": "  def f():\n      pass\n", "model": "m"})

    assert form.is_valid()
    assert form.cleaned_data["text"] == "  def f():\n      pass\n"
    assert isinstance(form.cleaned_data["conversation"], UUID | None)


@pytest.mark.django_db(databases=["default", "vault"])
def test_the_list_costs_no_query_per_conversation(browser_of: Client, person: Person) -> None:
    def queries_with(conversations: int) -> int:
        for number in range(conversations):
            _conversation(person, f"Number {number}")
        with CaptureQueriesContext(connection) as queries:
            page = browser_of.get("/conversations").content.decode()
        assert "Number 0" in page
        return len(queries)

    browser_of.get("/conversations")  # what is read once per process is read now

    assert queries_with(2) == queries_with(18)


def _conversation(person: Person, title: str) -> Conversation:
    key = new_id()
    sealed = seal_text(title, person_id=person.id, place="conversation.title", row_id=key)
    now = clock.now()
    return Conversation.objects.create(
        id=key,
        person=person,
        title_sealed=sealed,
        model_key="sandbox/writer",
        created_at=now,
        last_message_at=now,
    )
