"""API keys: shown once, stored hashed, found by their secret alone."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bluegpt.accounts import errors
from bluegpt.accounts.models import ApiKey, Person
from bluegpt.accounts.queries.api_keys import api_key_of, api_keys
from bluegpt.accounts.services import api_keys as services
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from tests.accounts.conftest import NewPerson

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"]),
    pytest.mark.both_databases,
]


def test_a_secret_leads_to_its_key_and_is_nowhere_in_the_table(person: Person) -> None:
    facts, secret = services.create(person_id=person.id, name="  my   script ")

    assert secret.startswith("bgpt_")
    assert len(secret) > 40
    assert facts.name == "my script"
    assert api_key_of(secret) == facts
    row = ApiKey.objects.values().get(id=facts.id)
    assert row["secret_sha256"] == hashlib.sha256(secret.encode()).hexdigest()
    assert not [value for value in row.values() if secret in str(value)]
    assert secret.startswith(facts.prefix)
    assert len(facts.prefix) == 11


@pytest.mark.parametrize("guess", ["", "bgpt_", "bgpt_é", "x" * 10_000, "\0"])
def test_a_guess_leads_nowhere_with_the_same_work(person: Person, guess: str) -> None:
    _, secret = services.create(person_id=person.id, name="script")

    with CaptureQueriesContext(
        connection,
    ) as right:
        assert api_key_of(secret) is not None
    with CaptureQueriesContext(connection) as wrong:
        assert api_key_of(guess) is None
    assert len(right) == len(wrong) == 1


def test_a_revoked_key_stops_at_once_and_for_good(person: Person) -> None:
    facts, secret = services.create(person_id=person.id, name="script")

    services.revoke(person_id=person.id, key_id=facts.id)
    first = api_keys(person.id)[0].revoked_at
    services.revoke(person_id=person.id, key_id=facts.id)

    assert api_key_of(secret) is None
    assert first is not None
    assert api_keys(person.id)[0].revoked_at == first


def test_nobody_revokes_the_key_of_somebody_else(person: Person, new_person: NewPerson) -> None:
    facts, secret = services.create(person_id=person.id, name="script")
    stranger = new_person("eve@example.org")

    with pytest.raises(errors.UnknownKey):
        services.revoke(person_id=stranger.id, key_id=facts.id)
    assert api_key_of(secret) is not None


def test_a_key_ends_with_its_expiry(person: Person) -> None:
    expires_at = clock.now() + timedelta(days=1)
    _, secret = services.create(person_id=person.id, name="script", expires_at=expires_at)

    assert api_key_of(secret) is not None
    with time_machine.travel(expires_at, tick=False):
        assert api_key_of(secret) is None


def test_a_closed_account_has_no_working_key(person: Person) -> None:
    _, secret = services.create(person_id=person.id, name="script")

    Person.objects.filter(id=person.id).update(is_active=False)

    assert api_key_of(secret) is None


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"name": "  "}, errors.NamelessKey),
        ({"name": "x", "expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, errors.ExpiredAtBirth),
    ],
)
def test_a_key_that_could_not_work_is_refused(
    person: Person, wish: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        services.create(person_id=person.id, **wish)
    assert not ApiKey.objects.exists()


def test_nobody_has_more_keys_than_the_limit(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "KEYS_MAX", 2)
    first, _ = services.create(person_id=person.id, name="one")
    services.create(person_id=person.id, name="two")

    with pytest.raises(errors.TooManyKeys):
        services.create(person_id=person.id, name="three")
    services.revoke(person_id=person.id, key_id=first.id)
    services.create(person_id=person.id, name="three")

    assert [key.name for key in api_keys(person.id)] == ["three", "two", "one"]


def test_a_key_without_a_person_is_refused() -> None:
    with pytest.raises(errors.UnknownPerson):
        services.create(person_id=new_id(), name="script")


def test_use_is_noted_at_most_once_a_minute(person: Person) -> None:
    facts, _ = services.create(person_id=person.id, name="script")
    start = clock.now()
    noted = []
    for seconds in (0, 30, 59, 61):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            services.note_use(key_id=facts.id)
        noted.append(api_keys(person.id)[0].last_used_at)

    assert noted[0] == noted[1] == noted[2] == start
    assert noted[3] == start + timedelta(seconds=61)
