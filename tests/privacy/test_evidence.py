"""Evidence is what is so right now: when it is not so, it is none."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils.translation import override
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.accounts.queries import evidence as accounts
from bluegpt.accounts.services.people import create_person
from bluegpt.core.personal_data import DataClass, Erasure, Export, Table
from bluegpt.credits.queries import evidence as credits
from bluegpt.credits.queries.checks import proofs as checks
from bluegpt.privacy.adapters import proofs
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import Request
from bluegpt.privacy.queries.evidence import choices, policy, recipients, requests, site, tables
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import clearing, linting, tracing
from bluegpt.privacy.services.requests import open_request
from bluegpt.privacy.types.rights import Right

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.mark.parametrize("place", sorted(proofs.evidence_functions()))
def test_each_piece_of_evidence_is_a_sentence_in_both_languages(place: str) -> None:
    """Or the sentence that says why there is none, as in an installation that has just begun."""
    with override("en"):
        english = _said(place)
    with override("fr"):
        french = _said(place)

    assert english.endswith(".")
    assert french.endswith(".")
    assert english != french


def _said(place: str) -> str:
    say: Any = proofs.object_at(place)
    try:
        return str(say())
    except NoEvidence as nothing:
        return str(nothing)


@pytest.mark.usefixtures("in_production")
def test_a_placeholder_is_no_operator_in_production() -> None:
    with pytest.raises(NoEvidence, match="company"):
        policy.operator()


def test_a_broken_rule_is_evidence_of_none(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest()  # read before the rule breaks
    monkeypatch.setattr(linting, "findings", lambda _policy: iter(["purposes.x: broken"]))

    with pytest.raises(NoEvidence, match="broken"):
        policy.rules()


def test_a_page_that_may_load_from_elsewhere_is_noticed(settings: Settings) -> None:
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"img-src": ["https://elsewhere.example"]}}

    with pytest.raises(NoEvidence):
        site.embedding()


def test_an_address_in_a_place_of_its_own_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    astray = Table(
        model="studio.Visit",
        claims={DataClass.METERING: ("ip",)},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    )
    monkeypatch.setattr(tables, "declared", lambda: iter([astray]))

    with pytest.raises(NoEvidence):
        tables.addresses()


def test_a_table_that_nobody_declared_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "declared", lambda: iter(()))

    with pytest.raises(NoEvidence, match="not declared"):
        tables.columns()


def test_a_gate_that_opens_without_a_ground_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "all" in recipients.observed_stays()

    monkeypatch.setattr(clearing, "ground", lambda *_args, **_named: None)

    with pytest.raises(NoEvidence, match="without a ground"):
        recipients.observed_stays()


def test_a_tracer_that_waits_for_nobody_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "agreed to nothing" in choices.agreements_are_needed()

    monkeypatch.setattr(tracing, "may_set", lambda *_args, **_named: object())

    with pytest.raises(NoEvidence):
        choices.agreements_are_needed()


def test_use_that_is_kept_beside_connections_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    mixed = Table(
        model="studio.Visit",
        claims={DataClass.METERING: ("tokens",), DataClass.CONNECTION: ("ip",)},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    )
    monkeypatch.setattr(tables, "declared", lambda: iter([mixed]))

    with pytest.raises(NoEvidence, match=r"studio\.Visit"):
        tables.kept_apart()


def test_a_password_that_is_no_fingerprint_is_noticed() -> None:
    Person.objects.create(email="ada@example.org", password="md4$readable")

    with pytest.raises(accounts.PasswordsUnsound, match="1 passwords"):
        accounts.passwords()


def test_an_easy_password_that_would_be_taken_is_noticed(settings: Settings) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = []

    with pytest.raises(accounts.PasswordsUnsound, match="anybody guesses"):
        accounts.passwords()


def test_books_that_could_be_changed_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "stands" in credits.books()

    monkeypatch.setattr(checks, "_IMMUTABLE", frozenset({"credits_transfer_no_insert"}))

    with pytest.raises(credits.BooksUnsound):
        credits.books()


ENCRYPTED = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 365 * 86_400,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "LANGUAGE_COOKIE_SECURE": True,
}


@pytest.mark.parametrize("missing", ENCRYPTED)
def test_a_connection_that_may_be_plain_is_noticed(settings: Settings, missing: str) -> None:
    for name, value in ENCRYPTED.items():
        setattr(settings, name, value)
    assert "365" in site.connections()

    setattr(settings, missing, type(ENCRYPTED[missing])())

    with pytest.raises(NoEvidence):
        site.connections()


def test_a_request_on_another_clock_than_its_receipt_takes_the_evidence_away() -> None:
    person = create_person(email="ada@example.org", password="Plum-7 tractors sing")
    request_id = open_request(person_id=person.id, right=Right.COMPLAINT)
    assert requests.every_channel_runs_on_one_clock()

    Request.objects.filter(id=request_id).update(due_on=F("due_on") + timedelta(days=7))

    with pytest.raises(NoEvidence):
        requests.every_channel_runs_on_one_clock()
