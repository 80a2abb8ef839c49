"""Logging in and out, slowed down after failures, with one answer for all addresses."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from tests.accounts.conftest import PASSWORD, log_in, normalised, text

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

LOGIN = "/account/login/"


def test_a_person_logs_in_and_out(client: Client, person: Person) -> None:
    answer = log_in(client, "ADA@example.org")

    assert answer["Location"] == "/conversations"
    assert client.get("/account").status_code == 200
    assert client.get("/account/logout/").status_code == 200  # asks first
    assert client.post("/account/logout/")["Location"] == "/"
    assert client.get("/account")["Location"] == "/account/login/?next=/account"


def test_log_in_leads_back_to_where_it_was_asked_for(client: Client, person: Person) -> None:
    answer = client.post(
        f"{LOGIN}?next=/account/keys", {"login": person.email, "password": PASSWORD}
    )

    assert answer["Location"] == "/account/keys"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "http://testserver/x", "javascript:alert(1)"],
)
def test_log_in_never_leads_to_another_host(client: Client, person: Person, elsewhere: str) -> None:
    form = {"login": person.email, "password": PASSWORD, "next": elsewhere}

    assert client.post(LOGIN, form)["Location"] == "/conversations"


def test_known_and_unknown_addresses_get_the_same_answer(person: Person) -> None:
    answers = []
    for email in (person.email, "nobody@example.org"):
        client = Client()
        client.get(LOGIN)
        answer = log_in(client, email, "not the password")
        answers.append((answer.status_code, normalised(answer).replace(email, "somebody")))

    assert answers[0] == answers[1]
    assert "do not belong together" in answers[0][1]
    assert 'value="somebody"' in answers[0][1]
    assert "not the password" not in answers[0][1]


def test_known_and_unknown_addresses_are_slowed_down_alike(person: Person) -> None:
    answers: list[tuple[int, str]] = []
    for email in (person.email, "nobody@example.org"):
        client = Client(REMOTE_ADDR=f"192.0.2.{len(answers) + 1}")
        for _ in range(5):
            log_in(client, email, "not the password")
        # Even the right password has to wait now.
        answer = log_in(client, email)
        answers.append((answer.status_code, normalised(answer).replace(email, "somebody")))

    assert answers[0] == answers[1]
    assert "Too many attempts. Wait 5 minutes" in answers[0][1]


def test_the_answer_says_how_long_and_keeps_its_word(client: Client, person: Person) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False):
        for _ in range(5):
            log_in(client, person.email, "not the password")
    with time_machine.travel(start + timedelta(minutes=3, seconds=30), tick=False):
        assert "Wait 2 minutes" in text(log_in(client, person.email))
    with time_machine.travel(start + timedelta(minutes=4, seconds=30), tick=False):
        assert "Wait 1 minute," in text(log_in(client, person.email))
    with time_machine.travel(start + timedelta(minutes=5, seconds=1), tick=False):
        assert log_in(client, person.email)["Location"] == "/conversations"


def test_guesses_at_many_addresses_from_one_network_are_slowed_down(client: Client) -> None:
    for number in range(10):
        log_in(client, f"somebody{number}@example.org", "not the password")

    assert "Wait 1 minute," in text(log_in(client, "another@example.org", "not the password"))


def test_a_flood_gets_a_page_that_says_so(client: Client) -> None:
    for _ in range(30):
        client.post(LOGIN, {})
    answer = client.post(LOGIN, {})

    assert answer.status_code == 429
    assert "Wait one minute" in text(answer)


def test_a_closed_account_stays_closed(client: Client, person: Person) -> None:
    Person.objects.update(is_active=False)

    log_in(client, person.email)

    assert "_auth_user_id" not in client.session


def test_log_in_offers_passkeys_by_external_scripts(client: Client) -> None:
    page = text(client.get(LOGIN))

    assert 'id="passkey_login"' in page
    assert "mfa/js/webauthn.js" in page
    options = client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert options.json()["request_options"]["publicKey"]["userVerification"] == "required"
