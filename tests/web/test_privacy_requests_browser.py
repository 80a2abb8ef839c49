"""Asking about one's data in a browser, with scripts and without."""

import pytest

from tests.web.conftest import NewVisit

PAGES = (
    "/account/privacy/requests",
    "/account/privacy/directives",
    "/privacy/contact",
    "/privacy/contact/code",
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_desk_is_for_everybody(new_visit: NewVisit, path: str, scheme: str) -> None:
    visit = new_visit(color_scheme=scheme, reduced_motion="reduce", locale="fr-FR", width=320)

    visit.open(path)

    assert visit.complaints == []
    assert visit.serious_findings() == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_request_is_made_supplemented_and_withdrawn(
    new_visit: NewVisit, has_scripts: bool
) -> None:
    visit = new_visit(java_script_enabled=has_scripts)
    page = visit.page
    visit.open("/account/privacy/requests?right=rectification")

    page.fill("[name=words]", "My address is out of date.")
    page.click("#ask button[data-kind=primary]")
    page.wait_for_url("**/account/privacy/requests/*-*")
    page.fill("[name=words]", "It changed in May.")
    page.click("[action$=clarification] button")
    page.wait_for_selector("text=It changed in May.")
    page.click("[action$=withdrawal] button")

    page.wait_for_selector(".badge >> text=Withdrawn")
    assert page.locator("[action$=clarification]").count() == 0


@pytest.mark.parametrize("has_scripts", [True, False])
def test_directions_are_laid_down_looked_at_and_revoked(
    new_visit: NewVisit, has_scripts: bool
) -> None:
    visit = new_visit(java_script_enabled=has_scripts)
    page = visit.page
    visit.open("/account/privacy/directives")

    page.select_option("[name=content]", "hand_over")
    page.fill("[name=trusted_name]", "Ines Moreau")
    page.fill("[name=trusted_email]", "ines@example.org")
    page.click("main form button[data-kind=primary]")
    page.wait_for_selector("text=to be handed to Ines Moreau, then erased")
    page.click("[action$=revocation] button")

    page.wait_for_selector("[action$=revocation]", state="detached")
    assert page.input_value("[name=trusted_name]") == ""
