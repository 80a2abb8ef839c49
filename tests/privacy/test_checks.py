"""The process refuses to start on a manifest that must not be used."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.checks import Error, Warning, registry

from bluegpt.privacy.apps import check_manifest

OPERATOR = """
[operator]
company = "Institut Exemple"
legal_form = "association"
share_capital = "none"
register = "RNA W313000000"
seat = "1 rue de l'Essai, 31000 Toulouse"
email = "privacy@institut.example"
post = "1 rue de l'Essai, 31000 Toulouse"
[operator.dpo_reason]
en = "Fewer than ten people and no large-scale monitoring."
fr = "Moins de dix personnes et pas de suivi à grande échelle."
"""


@pytest.fixture(autouse=True)
def _in_november_2026() -> object:
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        yield


def test_the_check_runs_at_every_start() -> None:
    at_start = {getattr(each, "__name__", "") for each in registry.registry.get_checks()}

    assert check_manifest.__name__ in at_start


def test_a_demonstration_starts_as_it_is() -> None:
    assert check_manifest(None) == []


def test_a_broken_manifest_stops_the_start(overlay: Callable[[str], None]) -> None:
    overlay('[recipients.openai]\nrole = "controller"\n')

    messages = check_manifest(None)

    assert [(type(each), each.id) for each in messages] == [(Error, "privacy.E001")]


@pytest.mark.usefixtures("in_production")
def test_production_refuses_every_placeholder() -> None:
    refused = {str(message.msg).split()[1] for message in check_manifest(None)}

    assert refused == {
        "company",
        "legal_form",
        "share_capital",
        "register",
        "seat",
        "email",
        "post",
        "dpo_reason",
    }


def test_production_starts_once_the_operator_is_somebody(
    overlay: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    overlay(OPERATOR)
    request.getfixturevalue("in_production")

    assert check_manifest(None) == []


def test_a_data_protection_officer_takes_the_place_of_the_reason_for_none(
    overlay: Callable[[str], None],
) -> None:
    overlay('[operator]\ndpo = "dpo@institut.example"\ndpo_reason = ""\n')

    assert check_manifest(None) == []


def test_an_overdue_review_is_announced() -> None:
    with time_machine.travel(datetime(2027, 6, 1, tzinfo=UTC), tick=False):
        messages = check_manifest(None)

    assert {(type(each), each.id) for each in messages} == {(Warning, "privacy.W001")}
    said = [str(message.msg) for message in messages]
    assert {each.split(".")[0] for each in said} >= {"legal_watch", "transfers"}
    assert all(each[-len("2027-06-01") :] < "2027-06-01" for each in said)
