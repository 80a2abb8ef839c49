"""The gallery in a browser: filters, the whole screen by keyboard, albums, deletion."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end import drawing
from tests.end_to_end.browsing import NARROW, WIDE, Visit, Window
from tests.end_to_end.people import Member

pytestmark = pytest.mark.browser


@pytest.fixture
def filled(window: Window, member: Member) -> Visit:
    """A gallery with a heron, and with a lighthouse three times."""
    visit = window.open(member)
    page = drawing.open_studio(visit)
    drawing.make(page, "A heron")
    drawing.make(page, "A lighthouse", number=3)
    visit.go("/gallery")
    expect(page.locator(".tile")).to_have_count(4)
    return visit


def _choose(page: Page, *places: int) -> None:
    for place in places:
        page.locator(".tile").nth(place).hover()
        page.locator(".tile-choice input").nth(place).check()


def test_the_whole_screen_is_walked_by_keyboard(filled: Visit) -> None:
    page = filled.page
    first = page.locator(".tile-link").first
    first.focus()
    page.keyboard.press("Enter")
    viewer = page.locator("#viewer")
    expect(viewer.locator(".viewing-prompt")).to_contain_text("A lighthouse")
    expect(viewer.get_by_role("button", name="Previous")).to_be_disabled()

    for _step in range(3):
        shown = viewer.locator(".viewing").get_attribute("data-asset") or ""
        page.keyboard.press("ArrowRight")
        expect(viewer.locator(".viewing")).not_to_have_attribute("data-asset", shown)
    expect(viewer.locator(".viewing-prompt")).to_contain_text("A heron")
    expect(viewer.get_by_role("button", name="Next")).to_be_disabled()
    page.keyboard.press("ArrowLeft")
    expect(viewer.locator(".viewing-prompt")).to_contain_text("A lighthouse")
    filled.look()
    page.keyboard.press("Escape")

    expect(viewer).to_be_hidden()
    expect(page.locator(".tile-link").nth(2)).to_be_focused()


def test_favourites_and_words_leave_what_they_say(filled: Visit) -> None:
    page = filled.page
    page.locator(".tile-link").first.click()
    favourite = page.locator("#viewer").get_by_role("button", name="Favourite")
    favourite.click()
    expect(favourite).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".tile-star")).to_have_count(1)

    page.get_by_role("link", name="Favourites").click()
    expect(page.locator(".tile")).to_have_count(1)
    page.get_by_role("link", name="All", exact=True).click()
    page.get_by_label("Words of the description").fill("HERON")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".tile")).to_have_count(1)
    page.get_by_label("Words of the description").fill("pelican")
    page.keyboard.press("Enter")
    expect(page.locator(".gallery-none")).to_contain_text("Nothing here fits that.")


def test_albums_are_made_filled_emptied_and_deleted(filled: Visit) -> None:
    page = filled.page
    page.locator(".new-album summary").click()
    page.get_by_label("Name of the album").fill("Seaside")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Seaside")).to_be_visible()
    page.get_by_role("link", name="To the gallery").click()

    _choose(page, 0, 3)
    expect(page.locator(".selection-count")).to_have_text("2 chosen")
    page.get_by_role("button", name="Put in").click()
    expect(page.get_by_text("They are in “Seaside”.")).to_be_visible()
    page.get_by_label("Album", exact=True).first.select_option(label="Seaside (2)")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".tile")).to_have_count(2)
    _choose(page, 0)
    page.get_by_role("button", name="Take out of the album").click()
    expect(page.locator(".tile")).to_have_count(1)

    page.locator(".tile-link").click()
    page.locator("#viewing-albums summary").click()
    page.locator("#viewing-albums").get_by_role("button", name="Seaside").click()
    expect(page.locator("#viewing-albums [aria-pressed=false]")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Delete the album").click()
    page.locator("#sheet").get_by_role("button", name="Delete the album").click()
    expect(page.locator(".tile")).to_have_count(4)


def test_one_and_several_are_deleted_for_good(filled: Visit) -> None:
    page = filled.page
    filled.expected_statuses.add(404)
    gone = page.locator(".tile").first.get_attribute("data-asset")
    page.locator(".tile-link").first.click()
    page.locator("#viewer").get_by_role("link", name="Delete").click()
    page.locator("#sheet").get_by_role("button", name="Delete").click()
    expect(page.locator(".tile")).to_have_count(3)
    expect(page.locator("#viewer")).to_be_hidden()
    answer = filled.context.request.get(f"{filled.base}/assets/{gone}")
    assert answer.status == 404

    page.locator(".tile-choice input").nth(0).check(force=True)
    page.locator(".tile-choice input").nth(2).click(force=True, modifiers=["Shift"])
    expect(page.locator(".selection-count")).to_have_text("3 chosen")
    page.locator("#selection").get_by_role("button", name="Delete").click()
    page.locator("#sheet").get_by_role("link", name="Keep").click()
    expect(page.locator(".tile")).to_have_count(3)
    page.locator("#selection").get_by_role("button", name="Delete").click()
    page.locator("#sheet").get_by_role("button", name="Delete").click()
    expect(page.locator(".tile")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("What you make is kept here")).to_be_visible()


def test_a_download_is_what_was_asked_for(filled: Visit) -> None:
    page = filled.page
    page.locator(".tile-link").first.click()
    menu = page.locator("#viewer details.menu", has_text="Download")
    menu.locator("summary").click()
    with page.expect_download() as begun:
        menu.get_by_role("link", name="WebP", exact=True).click()

    assert re.fullmatch(r"picture-.*\.webp", begun.value.suggested_filename)
    assert begun.value.path().read_bytes()[8:12] == b"WEBP"


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_gallery_is_sound(window: Window, member: Member, width: int, locale: str) -> None:
    visit = window.open(member, width=width, locale=locale)
    page = visit.page
    visit.go("/gallery")
    visit.look()
    drawing.open_studio(visit)
    page.locator("#composer-text").fill(f"A quay\n{drawing.QUICK}")
    page.locator("#create").click()
    expect(page.locator(".creation .cost")).to_be_visible()
    visit.go("/gallery")
    page.locator(".tile-choice input").check(force=True)
    visit.look()
    page.locator("#selection [value=delete]").click()
    expect(page.locator("#sheet")).to_be_visible()
    visit.look()
    page.keyboard.press("Escape")
    page.locator(".tile-link").click()
    page.locator("#viewer details.menu summary").first.click()
    visit.look()
    asset_id = page.locator(".viewing").get_attribute("data-asset")
    for path in (f"/gallery/assets/{asset_id}", f"/gallery/deletion?asset={asset_id}"):
        visit.go(path)
        visit.look()
