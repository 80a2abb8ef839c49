"""A closed account lets nobody in, anywhere, until its owner opens it again."""

from datetime import datetime

import pytest
from allauth.account import app_settings
from allauth.usersessions.models import UserSession
from asgiref.sync import async_to_sync
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from bluegpt.accounts.adapters.backend import OpenAccountBackend
from bluegpt.accounts.errors import UnknownPerson
from bluegpt.accounts.events import AccountClosed, AccountReopened, ApiKeyRevoked
from bluegpt.accounts.models import Person
from bluegpt.accounts.queries.api_keys import api_key_of
from bluegpt.accounts.services import api_keys, closing
from bluegpt.core import events
from bluegpt.core.ids import new_id
from bluegpt.privacy.queries.standing import standing_now
from bluegpt.privacy.types.durations import Duration
from tests.accounts.conftest import log_in, reauthenticate

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.both_databases,
]


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[events.Event]:
    """The news about closing, in order."""
    news: list[events.Event] = []
    monkeypatch.setattr(closing, "publish", news.append)
    return news


def test_closing_ends_sessions_and_keys_in_the_same_act(
    person: Person, browser: Client, published: list[events.Event]
) -> None:
    key, secret = api_keys.create(person_id=person.id, name="backup script")
    assert browser.get("/account").status_code == 200

    closed_at = closing.close(person_id=person.id)

    person.refresh_from_db()
    assert person.closed_at == closed_at
    assert not UserSession.objects.filter(user=person).exists()
    assert not Session.objects.exists()
    assert browser.get("/account").status_code == 302
    assert api_key_of(secret) is None
    assert published == [
        ApiKeyRevoked(person_id=person.id, key_id=key.id),
        AccountClosed(person_id=person.id),
    ]


def test_what_fails_while_closing_closes_nothing(
    person: Person, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_event: events.Event) -> None:
        raise RuntimeError

    monkeypatch.setattr(closing, "publish", broken)
    with pytest.raises(RuntimeError):
        closing.close(person_id=person.id)

    person.refresh_from_db()
    assert person.closed_at is None
    assert browser.get("/account").status_code == 200


def test_closing_twice_keeps_the_first_date(person: Person, published: list[events.Event]) -> None:
    first: datetime = closing.close(person_id=person.id)

    assert closing.close(person_id=person.id) == first
    assert published == [AccountClosed(person_id=person.id)]


def test_reopening_says_so_once_and_brings_no_key_back(
    person: Person, published: list[events.Event]
) -> None:
    _key, secret = api_keys.create(person_id=person.id, name="backup script")
    closing.close(person_id=person.id)

    assert closing.reopen(person_id=person.id)
    assert not closing.reopen(person_id=person.id)

    person.refresh_from_db()
    assert person.closed_at is None
    assert api_key_of(secret) is None
    assert [type(each) for each in published].count(AccountReopened) == 1


def test_a_key_of_a_closed_account_opens_nothing_even_if_it_was_not_revoked(
    person: Person,
) -> None:
    closing.close(person_id=person.id)
    _key, secret = api_keys.create(person_id=person.id, name="made in the same second")

    assert api_key_of(secret) is None


def test_a_session_that_was_made_meanwhile_stands_for_nobody(person: Person) -> None:
    backend = OpenAccountBackend()
    assert backend.get_user(person.id) == person

    closing.close(person_id=person.id)

    assert backend.get_user(person.id) is None
    assert async_to_sync(backend.aget_user)(person.id) is None


def test_nobody_unknown_is_closed_or_opened() -> None:
    with pytest.raises(UnknownPerson):
        closing.close(person_id=new_id())
    with pytest.raises(UnknownPerson):
        closing.reopen(person_id=new_id())


def test_the_right_password_of_a_closed_account_leads_to_the_question_and_to_no_session(
    person: Person, client: Client
) -> None:
    closing.close(person_id=person.id)

    answer = log_in(client, person.email)

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/account/reopening"
    assert client.get("/account").status_code == 302
    assert not UserSession.objects.exists()


def test_a_wrong_password_does_not_tell_that_the_account_is_closed(
    person: Person, client: Client
) -> None:
    closing.close(person_id=person.id)

    answer = log_in(client, person.email, "not their password 7!")

    assert answer.status_code == 200
    assert "closed" not in answer.content.decode().lower()


def test_the_page_says_what_ends_when_and_closes_after_a_fresh_log_in(
    person: Person, browser: Client
) -> None:
    page = browser.get("/account/closure").content.decode()
    assert "Keep my conversations until" in page
    assert page.count("<time datetime=") >= 4

    reauthenticate(browser)
    answer = browser.post("/account/closure", {"term": "P1Y"})

    assert "Your account is closed" in answer.content.decode()
    person.refresh_from_db()
    assert person.closed_at is not None
    assert standing_now(person.id).content_term == Duration(years=1)
    assert [letter.subject for letter in mail.outbox if letter.to == [person.email]] == [
        "Your account is closed"
    ]
    assert browser.get("/account").status_code == 302


def test_an_old_log_in_is_asked_for_the_password_first(
    person: Person, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_settings, "REAUTHENTICATION_TIMEOUT", 0)

    answer = browser.post("/account/closure", {"term": "P30D"})

    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    person.refresh_from_db()
    assert person.closed_at is None


def test_a_term_that_is_not_offered_closes_nothing(person: Person, browser: Client) -> None:
    reauthenticate(browser)

    assert browser.post("/account/closure", {"term": "P9Y"}).status_code == 422

    person.refresh_from_db()
    assert person.closed_at is None


def test_logging_in_within_the_term_opens_the_account_again(person: Person, client: Client) -> None:
    closing.close(person_id=person.id)
    log_in(client, person.email)
    assert "This account is closed" in client.get("/account/reopening").content.decode()

    answer = client.post("/account/reopening")

    assert answer.status_code == 302
    assert client.get("/account").status_code == 200
    person.refresh_from_db()
    assert person.closed_at is None
    assert "Your account is open again" in [letter.subject for letter in mail.outbox]


def test_the_question_stays_closed_to_everybody_else(person: Person, client: Client) -> None:
    closing.close(person_id=person.id)

    assert client.get("/account/reopening").headers["Location"] == "/account/login/"
    assert client.post("/account/reopening").status_code == 302

    person.refresh_from_db()
    assert person.closed_at is not None
