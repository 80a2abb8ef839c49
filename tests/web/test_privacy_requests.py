"""The pages of rights, of requests, of directions, and the form for people who cannot log in."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.queries.directives import directions
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.directives import Wish
from bluegpt.privacy.types.requests import Channel, Proof, State
from bluegpt.privacy.types.rights import BESIDE_THE_NINE, Right
from tests.ops.conftest import PASSWORD

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

WORDS = "My name is <b>Ada</b>, not Adda."
FORM = {"right": "access", "email": "ada@example.org", "name": "Ada", "words": "Everything."}


@pytest.fixture(autouse=True)
def _unhurried() -> None:
    cache.clear()
    mail.outbox.clear()


def test_all_nine_rights_are_explained_with_their_article(browser_of: Client) -> None:
    page = browser_of.get("/account/privacy/requests").content.decode()

    for right, facts in manifest().rights.rights.items():
        if right not in BESIDE_THE_NINE:
            assert facts.how.en in page.replace("&#x27;", "'")
            assert facts.article in page
    assert page.count('id="right-') == 9
    assert 'href="/account/privacy/directives"' in page


def test_a_request_is_opened_and_shown_with_its_clock(browser_of: Client, person: Person) -> None:
    answer = browser_of.post(
        "/account/privacy/requests", {"right": "rectification", "words": WORDS}
    )

    [found] = queries.requests_of(person.id)
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/account/privacy/requests/{found.id}",
    )
    page = browser_of.get(answer["Location"]).content.decode()
    assert "My name is &lt;b&gt;Ada&lt;/b&gt;, not Adda." in page
    assert "answer by" in page
    assert "cnil.fr" in page


def test_without_a_fresh_password_the_request_waits_and_then_knows_who_asks(
    browser_of: Client, person: Person
) -> None:
    browser_of.post("/account/privacy/requests", {"right": "access", "words": ""})
    [found] = queries.requests_of(person.id)
    assert found.state is State.RECEIVED
    way = f"/account/privacy/requests/{found.id}/identification"
    assert (
        f'href="{way}"' in browser_of.get(f"/account/privacy/requests/{found.id}").content.decode()
    )

    asked = browser_of.get(way)
    assert asked.status_code == 302
    assert "/account/reauthenticate/" in asked["Location"]
    answer = browser_of.post(asked["Location"], {"password": PASSWORD}, follow=True)

    assert answer.status_code == 200
    after = queries.request(found.id)
    assert (after.state, after.proof) == (State.IDENTIFIED, Proof.SESSION)


def test_what_needs_words_is_not_taken_without_them(browser_of: Client, person: Person) -> None:
    answer = browser_of.post("/account/privacy/requests", {"right": "complaint", "words": " "})

    assert answer.status_code == 422
    assert "Say it in words" in answer.content.decode()
    assert queries.requests_of(person.id) == ()


def test_a_person_adds_to_a_request_and_withdraws_it(browser_of: Client, person: Person) -> None:
    request_id = desk.open_request(person_id=person.id, right=Right.ACCESS)
    place = f"/account/privacy/requests/{request_id}"

    browser_of.post(f"{place}/clarification", {"words": "Of last year."})
    assert "Of last year." in browser_of.get(place).content.decode()
    browser_of.post(f"{place}/withdrawal")

    assert queries.request(request_id).state is State.WITHDRAWN
    assert f'action="{place}/withdrawal"' not in browser_of.get(place).content.decode()
    assert browser_of.post(f"{place}/clarification", {"words": "More."}).status_code == 409


def test_somebody_elses_request_is_not_found(browser_of: Client) -> None:
    other = Person.objects.create(email="other@example.org")
    request_id = desk.open_request(person_id=other.id, right=Right.ACCESS)

    for end in ("", "/identification"):
        place = f"/account/privacy/requests/{request_id}{end}"
        assert browser_of.get(place).status_code in {302, 404}
    assert browser_of.get(f"/account/privacy/requests/{request_id}").status_code == 404
    assert browser_of.post(f"/account/privacy/requests/{request_id}/withdrawal").status_code == 404
    assert queries.request(request_id).is_open


def test_the_public_form_answers_the_same_for_known_and_unknown_addresses(
    visitor: Client, person: Person
) -> None:
    answers = [
        visitor.post("/privacy/contact", {**FORM, "email": email})
        for email in (person.email, "nobody@example.org")
    ]

    assert [(each.status_code, each["Location"]) for each in answers] == [
        (303, "/privacy/contact/code")
    ] * 2
    assert answers[0].content == answers[1].content
    assert [letter.to for letter in mail.outbox] == [[person.email], ["nobody@example.org"]]
    [found] = queries.requests_of(person.id)
    assert (found.channel, found.state) == (Channel.FORM, State.RECEIVED)


def test_the_code_from_the_mail_identifies_who_wrote(visitor: Client, person: Person) -> None:
    visitor.post("/privacy/contact", FORM)
    [letter] = mail.outbox
    code = re.search(r"^ {4}(\w{8})$", str(letter.body), re.MULTILINE)
    assert code is not None
    [found] = queries.requests_of(person.id)

    wrong = visitor.post(
        "/privacy/contact/code", {"reference": found.reference, "code": "AAAA-AAAA"}
    )
    right = visitor.post(
        "/privacy/contact/code", {"reference": found.reference.lower(), "code": code[1]}
    )

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert queries.request(found.id).proof is Proof.CODE


def test_the_public_form_has_a_pace(visitor: Client) -> None:
    answers = [visitor.post("/privacy/contact", FORM).status_code for _ in range(11)]

    assert answers == [303] * 10 + [422]


def test_the_contact_page_is_reachable_from_every_page_and_sets_no_session(
    visitor: Client,
) -> None:
    operator = manifest().operator

    page = visitor.get("/privacy/contact")

    assert "sessionid" not in page.cookies
    for fact in (operator.company, operator.email, operator.post, operator.authority_url):
        assert fact in page.content.decode()
    for path in ("/", "/models", "/account/login/"):
        assert 'href="/privacy/contact"' in visitor.get(path).content.decode()


def test_directions_are_laid_down_shown_and_revoked(browser_of: Client, person: Person) -> None:
    given = {"content": "hand_over", "identity": "erase", "connection": ""}
    incomplete = browser_of.post("/account/privacy/directives", given)
    assert incomplete.status_code == 422
    trusted = {"trusted_name": "Ines Moreau", "trusted_email": "ines@example.org"}

    answer = browser_of.post("/account/privacy/directives", {**given, **trusted})

    assert answer.status_code == 303
    assert directions(person.id).wishes == {
        DataClass.CONTENT: Wish.HAND_OVER,
        DataClass.IDENTITY: Wish.ERASE,
    }
    page = browser_of.get("/account/privacy/directives").content.decode()
    assert "to be handed to Ines Moreau, then erased" in page
    browser_of.post("/account/privacy/directives/revocation")
    assert "Ines Moreau" not in browser_of.get("/account/privacy/directives").content.decode()
