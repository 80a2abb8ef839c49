"""A conversation with all its layers is for everybody, and every page fits into a phone in French.

What axe says of every page, in both themes and widths: `tests/end_to_end/test_pages.py`.
"""

import pytest

from tests.web.conftest import NewVisit

OPEN = (
    *("/", "/models", "/style-guide", "/account/login/", "/account/signup/", "/no/such/page"),
    *("/privacy", "/privacy/versions", "/privacy/proof", "/made-here"),
)
PERSONAL = (
    *("/conversations", "/conversations/temporary", "/conversations/all"),
    *("/conversations/archived", "/search?words=hello", "/credits", "/account"),
    *("/images", "/gallery"),
)


@pytest.mark.parametrize("width_px", [320, 390])
def test_every_page_fits_into_a_phone_in_french(new_visit: NewVisit, width_px: int) -> None:
    wide = []
    for paths, is_logged_in in ((OPEN, False), (PERSONAL, True)):
        visit = new_visit(is_logged_in=is_logged_in, width=width_px, locale="fr-FR")
        for path in paths:
            visit.open(path)
            if visit.page.evaluate("document.documentElement.scrollWidth") > width_px:
                wide.append(path)

    assert wide == []


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
