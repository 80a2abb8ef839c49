"""Each version is kept from the moment it is served, told as it asks for, and never forgotten."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import closing, people
from bluegpt.core import jobs
from bluegpt.core.models import Job
from bluegpt.mailroom.services import letters
from bluegpt.privacy.errors.versions import NoSuchVersion
from bluegpt.privacy.jobs import announce_version
from bluegpt.privacy.models import PolicyAcknowledgement, PolicyVersion
from bluegpt.privacy.queries import versions
from bluegpt.privacy.queries.manifest import policy_digest
from bluegpt.privacy.services import announcing
from bluegpt.privacy.services import versions as keeping
from bluegpt.privacy.types.versions import Effect

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(databases=["default", "vault"])]

Overlay = Callable[[str], None]

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
EDITORIAL = '[purposes.account.why]\nen = "Other words."\n'
NOTIFY = '[operator]\ncompany = "Somebody else"\n'
ASK_AGAIN = '[purposes.account.bases]\nmetering = "contract"\n'


@pytest.fixture
def clock() -> object:
    with time_machine.travel(START, tick=False) as travelling:
        yield travelling


def serve(overlay: Overlay, lines: str) -> str:
    """What happens when a process with this overlay begins to serve."""
    overlay(lines)
    keeping.enter()
    return policy_digest()


def test_a_version_is_kept_once_and_named_by_its_content(overlay: Overlay) -> None:
    digest = serve(overlay, "")
    keeping.enter()

    (row,) = PolicyVersion.objects.all()
    assert row.digest == digest
    assert hashlib.sha256(row.document.encode()).hexdigest() == digest


def test_the_first_version_asks_nobody(overlay: Overlay) -> None:
    serve(overlay, "")

    assert versions.current().effect is Effect.EDITORIAL
    assert versions.before(policy_digest()) is None


@pytest.mark.parametrize(
    ("lines", "effect", "is_told"),
    [
        (EDITORIAL, Effect.EDITORIAL, False),
        (NOTIFY, Effect.NOTIFY, True),
        (ASK_AGAIN, Effect.ASK_AGAIN, True),
    ],
)
def test_a_new_version_has_the_effect_of_what_it_changes(
    overlay: Overlay, lines: str, effect: Effect, is_told: bool
) -> None:
    serve(overlay, "")

    digest = serve(overlay, lines)

    assert versions.current().effect is effect
    told = Job.objects.filter(name=keeping.ANNOUNCE, unique_key=digest)
    assert told.exists() is is_told


def test_any_instant_has_its_version(overlay: Overlay, clock: time_machine.Traveller) -> None:
    first = serve(overlay, "")
    clock.shift(timedelta(days=10))
    second = serve(overlay, EDITORIAL)

    assert versions.applied_at(START).digest == first
    assert versions.applied_at(START + timedelta(days=10, seconds=-1)).digest == first
    assert versions.applied_at(START + timedelta(days=10)).digest == second
    with pytest.raises(NoSuchVersion):
        versions.applied_at(START - timedelta(seconds=1))


def test_an_earlier_version_stays_word_for_word(
    overlay: Overlay, clock: time_machine.Traveller
) -> None:
    first = serve(overlay, "")
    kept = versions.published(first)
    clock.shift(timedelta(days=1))

    serve(overlay, ASK_AGAIN)

    assert versions.published(first) == kept
    assert [each.digest for each in versions.versions()] == [policy_digest(), first]
    (change,) = versions.difference(older=first, newer=policy_digest())
    assert change.path == "purposes.account.bases.metering"


def test_people_are_told_in_batches_and_each_once(
    overlay: Overlay, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "BATCH", 2)
    told = [person(f"p{number}@example.org") for number in range(5)]
    closing.close(person_id=person("closed@example.org").id)
    serve(overlay, "")
    clock.shift(timedelta(days=1))
    digest = serve(overlay, NOTIFY)
    clock.shift(timedelta(days=1))
    person("late@example.org")
    mail.outbox.clear()

    for _batch in range(2):
        with pytest.raises(jobs.Again):
            announce_version({"digest": digest})
    announce_version({"digest": digest})
    announce_version({"digest": digest})

    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(each.email for each in told)
    assert "Somebody else answers for your data" in mail.outbox[0].body
    assert f"to={digest}" in mail.outbox[0].body
    row = PolicyVersion.objects.get(digest=digest)
    assert (row.told_through, row.told_at is not None) == (None, True)


def test_a_letter_that_fails_does_not_repeat_those_before_it(
    overlay: Overlay, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        person(f"p{number}@example.org")
    serve(overlay, "")
    clock.shift(timedelta(days=1))
    digest = serve(overlay, NOTIFY)
    mail.outbox.clear()
    send = letters.send

    def fail_at_the_third(**letter: Any) -> None:
        if len(mail.outbox) == 2:
            raise OSError("the mail server is gone")
        send(**letter)

    monkeypatch.setattr(letters, "send", fail_at_the_third)
    with pytest.raises(OSError, match="gone"):
        announce_version({"digest": digest})
    monkeypatch.setattr(letters, "send", send)
    announce_version({"digest": digest})

    assert len({letter.to[0] for letter in mail.outbox}) == len(mail.outbox) == 3


def test_the_version_of_the_sign_up_is_noted_once(overlay: Overlay, settings: Settings) -> None:
    digest = serve(overlay, "")
    ada = person("ada@example.org")

    keeping.acknowledge(person_id=ada.id, occasion="sign_up")
    keeping.acknowledge(person_id=ada.id, occasion="sign_up")

    (row,) = PolicyAcknowledgement.objects.filter(person_id=ada.id)
    assert (row.digest, row.occasion) == (digest, "sign_up")


def test_who_has_not_seen_a_wider_version_is_asked_again(
    overlay: Overlay, clock: time_machine.Traveller
) -> None:
    serve(overlay, "")
    ada = person("ada@example.org")
    keeping.acknowledge(person_id=ada.id, occasion="sign_up")
    assert versions.to_ask_again(ada.id) is None
    clock.shift(timedelta(days=1))

    digest = serve(overlay, ASK_AGAIN)

    asked = versions.to_ask_again(ada.id)
    assert asked is not None
    assert asked.digest == digest
    keeping.acknowledge(person_id=ada.id, occasion="asked_again")
    assert versions.to_ask_again(ada.id) is None


def test_an_editorial_version_after_a_wider_one_does_not_silence_it(
    overlay: Overlay, clock: time_machine.Traveller
) -> None:
    serve(overlay, "")
    ada = person("ada@example.org")
    keeping.acknowledge(person_id=ada.id, occasion="sign_up")
    clock.shift(timedelta(days=1))
    wider = serve(overlay, ASK_AGAIN)
    clock.shift(timedelta(days=1))
    serve(overlay, ASK_AGAIN + EDITORIAL)

    asked = versions.to_ask_again(ada.id)

    assert asked is not None
    assert asked.digest == wider


def person(email: str) -> Person:
    return people.create_person(email=email, password="Correct-horse-9-battery")
