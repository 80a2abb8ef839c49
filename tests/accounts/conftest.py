"""A visitor with a browser and a mailbox, and people who already have an account."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from bluegpt.accounts.events import PersonConfirmed
from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core.events import publish

PASSWORD = "Plum-7 tractors sing"
OTHER_PASSWORD = "Nine!teal owls Drum8"

NewPerson = Callable[..., Person]


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings) -> None:
    """Pages name their static files though nobody has collected any."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def no_attempts_counted() -> Iterator[None]:
    """Rate limits live in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def new_person() -> NewPerson:
    def make(email: str = "ada@example.org", **facts: Any) -> Person:
        return people.create_person(email=email, password=PASSWORD, **facts)

    return make


@pytest.fixture
def person(new_person: NewPerson) -> Person:
    return new_person()


@pytest.fixture
def browser(person: Person, client: Client) -> Client:
    """A browser in which the person is logged in."""
    log_in(client, person.email)
    return client


@pytest.fixture
def confirmations(monkeypatch: pytest.MonkeyPatch) -> list[PersonConfirmed]:
    """Every PersonConfirmed that is published."""
    published: list[PersonConfirmed] = []

    def note(event: PersonConfirmed) -> None:
        published.append(event)
        publish(event)

    monkeypatch.setattr(people, "publish", note)
    return published


def log_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/account/login/", {"login": email, "password": password})


def reauthenticate(client: Client) -> None:
    answer = client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def mailed_code(to: str) -> str:
    """The code in the subject of the last mail to an address."""
    letter = [each for each in mail.outbox if each.to == [to]][-1]
    found = re.match(r"([A-Z]{4}-[A-Z]{4}) ", str(letter.subject))
    assert found, letter.subject
    return found[1]


def text(answer: Any) -> str:
    page: str = answer.content.decode()
    return page


def normalised(answer: Any) -> str:
    """A page without what differs between any two answers: tokens, nonces and times."""
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', r"\1", text(answer))
    return re.sub(r"\s+", " ", page)
