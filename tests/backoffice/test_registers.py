"""The registers say what the manifest makes the code do."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from bluegpt.privacy.queries import register_sheets, registers, rehearsals
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.openness import closed_because
from bluegpt.privacy.rules.rehearsing import without_adequacy

UNSTATED = {"compatible", "vertex", "xai"}

pytestmark = pytest.mark.django_db


def _rows(sheet: str, language: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(register_sheets.as_csv(sheet, language=language))))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_purpose_has_its_line_with_what_article_30_asks_for(language: str) -> None:
    rows, operator = _rows("activities", language), manifest().operator

    assert len(rows) == len(manifest().purposes)
    assert operator.dpo_reason is not None
    for row in rows:
        assert {operator.company, operator.email, operator.post} <= set(row.values())
        assert any(operator.dpo_reason.in_language(language) in cell for cell in row.values())


def test_the_sheet_is_in_the_language_that_is_asked_for() -> None:
    assert "Délégué à la protection des données" in _rows("activities", "fr")[0]
    assert "Data protection officer" in _rows("activities", "en")[0]


def test_every_processor_has_its_agreement_and_its_review() -> None:
    stated = [each for each in registers.processors() if each.key not in UNSTATED]

    assert {each.key for each in stated} >= {"anthropic", "google", "mistral", "openai"}
    assert all(each.dpa_url and each.review_by and each.instrument for each in stated)


def test_a_processor_that_nobody_has_named_is_closed_with_the_reason() -> None:
    unstated = [each for each in registers.processors() if each.key in UNSTATED]

    assert {each.key for each in unstated} == UNSTATED
    assert all("operator has not yet said" in each.closed_because for each in unstated)


def test_a_way_whose_review_has_passed_is_overdue_and_closes_its_companies() -> None:
    after = date(2027, 6, 1)

    with translation.override("en"):
        lines = registers.transfers(today=after)
        closed = {each.key for each in registers.processors(today=after) if each.closed_because}

    assert all(each.is_overdue for each in lines)
    assert closed >= {"openai", "google", "anthropic"}
    assert not any(each.is_overdue for each in registers.transfers(today=date(2027, 5, 31)))


def test_when_adequacy_falls_what_rests_on_it_closes_and_nothing_else() -> None:
    today = date(2026, 11, 28)
    after = without_adequacy(manifest(), today=today)

    closed = {
        key for key in manifest().recipients if closed_because(key, policy=after, today=today)
    }

    assert closed == {"google"} | UNSTATED
    [route] = rehearsals.adequacy_fallen()
    assert (route.recipient, route.opens_again_by) == ("google", ("us_standard_clauses",))
    assert closed_because("google", today=today) == ""  # the living policy is untouched


def test_a_cell_is_never_a_formula() -> None:
    assert register_sheets._harmless("=1+1") == "'=1+1"


def test_the_page_and_its_files_open(staff_client: Client) -> None:
    assert "OpenAI Ireland" in staff_client.get("/staff/registers").content.decode()
    assert staff_client.get("/staff/registers/activities.csv")["Content-Type"].startswith(
        "text/csv"
    )
    assert "OpenAI Ireland" in staff_client.get("/staff/registers.html").content.decode()
    assert staff_client.get("/staff/registers/nothing.csv").status_code == 404
