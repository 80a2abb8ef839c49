"""Every page: nothing serious for axe, nothing wider than the window, a quiet console."""

import pytest

from tests.web.conftest import NewVisit

OPEN = (
    *("/", "/models", "/style-guide", "/account/login/", "/account/signup/", "/no/such/page"),
    *("/privacy", "/privacy/versions", "/privacy/proof"),
)
PERSONAL = (
    *("/conversations", "/conversations/temporary", "/conversations/all"),
    *("/conversations/archived", "/search?words=hello", "/credits", "/account"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*OPEN, *PERSONAL])
def test_a_page_is_for_everybody(new_visit: NewVisit, path: str, scheme: str) -> None:
    visit = new_visit(is_logged_in=path in PERSONAL, color_scheme=scheme, reduced_motion="reduce")

    visit.open(path)
    visit.page.wait_for_load_state("networkidle")

    # A page that is not there is an error for the console too, as it should be.
    assert [each for each in visit.complaints if "404" not in each] == []
    assert visit.serious_findings() == []


@pytest.mark.parametrize(("locale", "width_px"), [("en-GB", 320), ("fr-FR", 320), ("fr-FR", 390)])
@pytest.mark.parametrize("path", [*OPEN, *PERSONAL])
def test_a_page_fits_into_a_phone(
    new_visit: NewVisit, path: str, locale: str, width_px: int
) -> None:
    visit = new_visit(is_logged_in=path in PERSONAL, width=width_px, locale=locale)

    visit.open(path)

    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width_px


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1_280])
def test_a_conversation_with_everything_open_is_for_everybody(
    new_visit: NewVisit, width: int, scheme: str
) -> None:
    visit = new_visit(width=width, color_scheme=scheme, reduced_motion="reduce")
    visit.open("/conversations?model=sandbox/scholar")
    visit.ask("Hello")
    assert visit.complaints == []
    assert visit.serious_findings() == []
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width

    for opener, opened in {
        ".model-button": ".model-row",
        ".conversation-title-link": "#options-title",
    }.items():
        visit.page.click(opener)
        visit.page.wait_for_selector(opened)
        assert visit.serious_findings() == []
        visit.page.keyboard.press("Escape")
