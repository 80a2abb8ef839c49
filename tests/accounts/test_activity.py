"""What counts as use of an account is recorded when it happens, and nothing else is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.test import Client

from bluegpt.accounts.models import ApiKey, Person
from bluegpt.accounts.services import api_keys, closing, people, sessions
from bluegpt.core import clock
from bluegpt.core.ids import new_id

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "Plum-7 tractors sing"


@pytest.fixture
def person() -> Person:
    made = people.create_person(email="ada@example.org", password=PASSWORD)
    Person.objects.filter(id=made.id).update(last_active_at=LONG_AGO)
    return made


def _logs_in(person: Person) -> None:
    Client().force_login(person)


def _opens_a_page(person: Person) -> None:
    session = UserSession.objects.create(
        user=person, ip="192.0.2.7", user_agent="x", session_key=new_id().hex
    )
    sessions.note_seen(session_key=session.session_key, ip="192.0.2.7", user_agent="x")


def _calls(person: Person) -> None:
    key, _secret = api_keys.create(person_id=person.id, name="k")
    api_keys.note_use(key_id=key.id)


def _opens_the_account_again(person: Person) -> None:
    closing.close(person_id=person.id)
    closing.reopen(person_id=person.id)


@pytest.mark.parametrize("act", [_logs_in, _opens_a_page, _calls, _opens_the_account_again])
def test_whoever_does_something_uses_the_account(
    person: Person, act: Callable[[Person], None]
) -> None:
    before = clock.now()

    act(person)

    person.refresh_from_db()
    assert person.last_active_at is not None
    assert person.last_active_at >= before


def test_what_is_done_to_an_account_is_no_use_of_it(person: Person) -> None:
    people.set_language(person_id=person.id, language="fr")
    person.theme = "dark"
    person.save(update_fields=["theme"])

    person.refresh_from_db()
    assert person.last_active_at == LONG_AGO


def test_a_key_is_noted_once_a_minute_and_the_account_with_it(person: Person) -> None:
    key, _secret = api_keys.create(person_id=person.id, name="k")
    api_keys.note_use(key_id=key.id)
    Person.objects.filter(id=person.id).update(last_active_at=LONG_AGO)

    api_keys.note_use(key_id=key.id)

    person.refresh_from_db()
    assert person.last_active_at == LONG_AGO


def test_accounts_of_before_are_counted_from_the_latest_use_on_record(person: Person) -> None:
    facts = {
        name: LONG_AGO + timedelta(days=days)
        for days, name in enumerate(("created_at", "confirmed_at", "last_login"))
    }
    Person.objects.filter(id=person.id).update(**facts)
    quiet = people.create_person(email="bea@example.org", password=PASSWORD)
    Person.objects.filter(id=quiet.id).update(created_at=LONG_AGO, confirmed_at=None)
    gone = people.create_person(email="cleo@example.org", password=PASSWORD)
    closing.close(person_id=gone.id)
    fill = import_module("bluegpt.accounts.migrations.0004_last_active").fill

    def counted_from(person: Person) -> datetime | None:
        fill(apps, None)
        person.refresh_from_db()
        return person.last_active_at

    assert counted_from(person) == facts["last_login"]
    session = UserSession.objects.create(
        user=person, ip="192.0.2.7", user_agent="x", session_key="k"
    )
    seen_at = LONG_AGO + timedelta(days=7)
    UserSession.objects.filter(pk=session.pk).update(last_seen_at=seen_at)
    assert counted_from(person) == seen_at
    called_at = LONG_AGO + timedelta(days=9)
    ApiKey.objects.create(
        person=person, name="k", prefix="p", secret_sha256="0" * 64, last_used_at=called_at
    )
    assert counted_from(person) == called_at
    assert counted_from(quiet) == LONG_AGO
    assert counted_from(gone) is None
