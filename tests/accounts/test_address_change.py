"""A new address counts once its code has been typed; until then the old one does."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from bluegpt.accounts.events import PersonConfirmed
from bluegpt.accounts.models import Person
from tests.accounts.conftest import PASSWORD, NewPerson, log_in, mailed_code, reauthenticate, text

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

CHANGE = "/account/email/"
CONFIRM = "/account/confirm-email/"
NEW = "ada@new.example"


def ask(browser: Client, email: str = NEW) -> None:
    reauthenticate(browser)
    answer = browser.post(CHANGE, {"action_add": "yes", "email": email})
    assert answer["Location"] == CONFIRM


def test_a_change_asks_for_the_password_first(browser: Client) -> None:
    answer = browser.post(CHANGE, {"action_add": "yes", "email": NEW})
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert not mail.outbox

    resumed = browser.post(answer["Location"], {"password": PASSWORD})

    assert resumed["Location"] == CONFIRM
    assert mailed_code(NEW)


def test_the_old_address_stays_until_the_code_is_typed(browser: Client, person: Person) -> None:
    ask(browser)
    person.refresh_from_db()
    assert person.email == "ada@example.org"
    assert log_in(Client(), "ada@example.org")["Location"] == "/conversations"

    answer = browser.post(CONFIRM, {"code": mailed_code(NEW)})

    assert answer["Location"] == "/account"
    person.refresh_from_db()
    assert person.email == NEW
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [
        (NEW, True, True)
    ]
    assert log_in(Client(), NEW)["Location"] == "/conversations"
    assert "do not belong together" in text(log_in(Client(), "ada@example.org"))


def test_the_old_address_is_told(browser: Client) -> None:
    ask(browser)
    browser.post(CONFIRM, {"code": mailed_code(NEW)})

    told = [letter for letter in mail.outbox if letter.to == ["ada@example.org"]]
    assert len(told) == 1
    assert f"from ada@example.org to {NEW}" in told[0].body
    assert "It was not you?" in told[0].body


def test_a_change_does_not_confirm_the_person_again(
    browser: Client, confirmations: list[PersonConfirmed]
) -> None:
    ask(browser)
    browser.post(CONFIRM, {"code": mailed_code(NEW)})

    assert confirmations == []


def test_the_address_of_somebody_else_is_not_given_away_and_not_taken(
    browser: Client, person: Person, new_person: NewPerson
) -> None:
    new_person("bob@example.org")

    ask(browser, "bob@example.org")  # the same answer as for a free address
    answer = browser.post(CONFIRM, {"code": mailed_code("bob@example.org")})

    assert "belongs to another account" in text(answer)
    person.refresh_from_db()
    assert person.email == "ada@example.org"


def test_a_wrong_address_is_named_and_kept_for_mending(browser: Client) -> None:
    reauthenticate(browser)

    page = text(browser.post(CHANGE, {"action_add": "yes", "email": "ada at new"}))

    assert 'value="ada at new"' in page
    assert 'aria-invalid="true"' in page
