"""A new password, by a mailed code or with the old one."""

import pytest
from django.core import mail
from django.test import Client

from bluegpt.accounts.models import Person
from tests.accounts.conftest import (
    OTHER_PASSWORD,
    PASSWORD,
    log_in,
    mailed_code,
    normalised,
    text,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

RESET = "/account/password/reset/"
CONFIRM = "/account/password/reset/confirm/"
COMPLETE = "/account/password/reset/complete/"
CHANGE = "/account/password/change/"


def test_a_code_by_mail_allows_a_new_password(client: Client, person: Person) -> None:
    elsewhere = Client()
    log_in(elsewhere, person.email)

    assert client.post(RESET, {"email": "ADA@example.org"})["Location"] == CONFIRM
    assert client.post(CONFIRM, {"code": mailed_code(person.email)})["Location"] == COMPLETE
    assert "5 random words" in text(client.get(COMPLETE))
    assert "too easy to guess" in text(client.post(COMPLETE, {"password1": "plum"}))
    answer = client.post(COMPLETE, {"password1": OTHER_PASSWORD})

    assert answer["Location"] == "/conversations"
    person.refresh_from_db()
    assert person.check_password(OTHER_PASSWORD)
    assert "was changed" in mail.outbox[-1].subject
    assert elsewhere.get("/account").status_code == 302


def test_known_and_unknown_addresses_get_the_same_answers(person: Person) -> None:
    rounds = []
    for email in (person.email, "nobody@example.org"):
        client = Client()
        asked = client.post(RESET, {"email": email})
        shown = client.get(CONFIRM)
        wrong = client.post(CONFIRM, {"code": "XXXX-XXXX"})
        empty = client.post(CONFIRM, {"code": ""})
        rounds.append(
            [asked["Location"]]
            + [
                (answer.status_code, normalised(answer).replace(email, "somebody"))
                for answer in (shown, wrong, empty)
            ]
        )

    assert rounds[0] == rounds[1]
    assert [letter.to[0] for letter in mail.outbox] == [person.email, "nobody@example.org"]
    assert "no BlueGPT account" in mail.outbox[1].body


def test_without_the_code_there_is_no_new_password(client: Client, person: Person) -> None:
    client.post(RESET, {"email": person.email})

    assert client.post(COMPLETE, {"password1": OTHER_PASSWORD})["Location"] == CONFIRM
    for _ in range(3):
        client.post(CONFIRM, {"code": "XXXX-XXXX"})
    client.post(CONFIRM, {"code": mailed_code(person.email)})

    assert client.get(COMPLETE)["Location"] == RESET
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_reset_ends_the_wait_after_failed_log_ins(client: Client, person: Person) -> None:
    for _ in range(5):
        log_in(client, person.email, "not the password")
    client.post(RESET, {"email": person.email})
    client.post(CONFIRM, {"code": mailed_code(person.email)})
    client.post(COMPLETE, {"password1": OTHER_PASSWORD})

    later = Client()

    assert log_in(later, person.email, OTHER_PASSWORD)["Location"] == "/conversations"


def test_with_the_old_password_a_person_chooses_a_new_one(browser: Client, person: Person) -> None:
    elsewhere = Client()
    log_in(elsewhere, person.email)
    wrong = browser.post(CHANGE, {"oldpassword": "no", "password1": OTHER_PASSWORD})
    assert "not your current password" in text(wrong)

    answer = browser.post(CHANGE, {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD})

    assert answer["Location"] == "/account"
    assert "Your password is changed." in text(browser.get("/account"))
    assert elsewhere.get("/account").status_code == 302
    assert mail.outbox[-1].to == [person.email]
    assert "It was not you?" in mail.outbox[-1].body
