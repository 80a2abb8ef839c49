"""Evidence is what is so right now: when it is not so, it is none."""

from typing import Any

import pytest
from django.utils.translation import override
from pytest_django import Settings

from bluegpt.core.personal_data import DataClass, Erasure, Export, Table
from bluegpt.privacy.adapters import proofs
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries.evidence import policy, site, tables
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import linting

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
