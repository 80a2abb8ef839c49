"""Every page, wide and narrow, in both themes: no serious fault, nothing sticks out."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.end_to_end import talking
from tests.end_to_end.browsing import NARROW, WIDE, Window
from tests.end_to_end.installation import Installation
from tests.end_to_end.people import PASSWORD, Member
from tests.end_to_end.talking import QUICK

pytestmark = pytest.mark.browser

widths = pytest.mark.parametrize("width", [WIDE, NARROW])

FOR_VISITORS = (
    "/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/models",
    "/style-guide",
    "/no-such-page",
    "/privacy",
    "/privacy/versions",
    "/privacy/proof",
    "/made-here",
)
FOR_PEOPLE = (
    "/conversations",
    "/conversations/temporary",
    "/conversations/all",
    "/conversations/archived",
    "/search",
    "/images",
    "/gallery",
    "/credits",
    "/account",
    "/account/keys",
    "/account/sessions/",
    "/account/email/",
    "/account/password/change/",
    "/account/logout/",
    "/account/2fa/",
    "/account/2fa/webauthn/",
)
BEHIND_THE_PASSWORD = ("/account/2fa/totp/activate/", "/account/2fa/webauthn/add/")


@widths
def test_every_page_for_visitors_is_sound(window: Window, width: int) -> None:
    visit = window.open(width=width, expects=[404])
    for path in FOR_VISITORS:
        visit.go(path)
        visit.look()


@widths
def test_every_page_for_people_is_sound(window: Window, member: Member, width: int) -> None:
    visit = window.open(member, width=width)
    talking.new_conversation(visit)
    talking.ask(visit, f"To have something to show\n{QUICK}")
    conversation = visit.path

    for path in (*FOR_PEOPLE, f"{conversation}/options", f"{conversation}/deletion"):
        visit.go(path)
        assert visit.path == path
        visit.look()

    visit.go(BEHIND_THE_PASSWORD[0])
    visit.look()
    visit.page.get_by_label("Password").fill(PASSWORD)
    visit.page.get_by_role("button", name="Continue").click()
    for path in BEHIND_THE_PASSWORD:
        visit.go(path)
        assert visit.path == path
        visit.look()


@pytest.fixture
def changing_hands(site: Installation) -> Iterator[None]:
    """The service is about to change hands, until the test ends."""
    site.run("tests.end_to_end.succession", "begin")
    yield
    site.run("tests.end_to_end.succession", "end")


@pytest.mark.usefixtures("changing_hands")
def test_the_page_of_a_service_that_changes_hands_is_sound(
    window: Window, new_member: Callable[[], Member]
) -> None:
    for width in (WIDE, NARROW):
        visit = window.open(new_member(), width=width)
        for path in ("/account/privacy", "/account/privacy/succession"):
            visit.go(path)
            expect(visit.page.get_by_text("Grue SAS").first).to_be_visible()
            visit.look()

        visit.page.get_by_role("button", name="Object to the handing over").click()
        expect(visit.page.get_by_role("button", name="Take the objection back")).to_be_visible()
        visit.look()


def test_the_list_of_conversations_opens_over_a_narrow_page(window: Window, member: Member) -> None:
    visit = window.open(member, width=NARROW)
    page = visit.page
    talking.new_conversation(visit)
    talking.ask(visit, f"Small screen\n{QUICK}")

    expect(page.locator("#sidebar")).to_be_hidden()
    page.get_by_role("button", name="Conversations").click()

    expect(page.locator("#sidebar")).to_be_visible()
    expect(page.locator("#sidebar .line-link")).to_contain_text("Small screen")
    visit.look()
    page.get_by_role("link", name="New conversation").click()
    expect(page.locator("#greeting")).to_be_visible()


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_a_chosen_theme_is_there_at_once_and_stays(
    window: Window, member: Member, theme: str
) -> None:
    visit = window.open(member)
    page = visit.page
    visit.go("/conversations")

    with page.expect_response("**/preferences/theme"):
        talking.open_menu(page).get_by_role("button", name=theme, exact=True).click()

    expect(page.locator("html")).to_have_attribute("data-theme", theme.lower())
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", theme.lower())
    visit.look()
