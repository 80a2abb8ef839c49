"""The browser's language first; a choice stays."""

import re

import pytest
from playwright.sync_api import expect

from tests.end_to_end import talking
from tests.end_to_end.browsing import Window
from tests.end_to_end.installation import Installation
from tests.end_to_end.people import PASSWORD, Member

pytestmark = pytest.mark.browser

# Words of English that no French page of ours has; names and codes are the same in both.
_ENGLISH = re.compile(r"\b(the|your|with|this|and|password)\b", re.IGNORECASE)


def test_a_french_browser_is_spoken_to_in_french_without_asking(
    window: Window, site: Installation
) -> None:
    visit = window.open(locale="fr-FR")
    page = visit.page
    visit.go("/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    visit.look()

    visit.go("/account/signup/")
    expect(page.locator("h1")).to_have_text("Créer un compte")
    email = "nouveau@bluegpt.example"
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.locator("input[name=code]").fill(site.code(email))
    assert re.search(r"15\s+minutes", site.mails(email)[-1])
    assert not _ENGLISH.search(site.mails(email)[-1])
    page.locator("main form button").first.click()

    expect(page.locator("#balance")).to_contain_text("100,00")
    talking.new_conversation(visit)
    assert not _ENGLISH.search(page.locator("body").inner_text())


def test_english_is_chosen_and_stays_and_french_is_chosen_again(
    window: Window, member: Member
) -> None:
    visit = window.open(member, locale="fr-FR")
    page = visit.page
    visit.go("/account")
    expect(page.locator("h1")).to_have_text("Votre compte")

    talking.open_menu(page).get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Your account")
    elsewhere = window.open(member, device=1, locale="fr-FR")
    elsewhere.go("/account")
    expect(elsewhere.page.locator("h1")).to_have_text("Your account")

    talking.open_menu(page).get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_the_pieces_of_a_live_answer_are_french_too(window: Window, member: Member) -> None:
    visit = window.open(member, locale="fr-FR")
    page = visit.page
    talking.new_conversation(visit)
    page.locator("#composer-text").fill("Bonjour\nsandbox: pace_ms=40 tokens=60")
    page.locator("#composer-action button").click()
    talking.wait_growing(page)
    assert not _ENGLISH.search(talking.last_answer(page).locator(".working").inner_text())

    talking.wait_done(page)

    expect(talking.last_answer(page).locator(".cost-amount")).to_contain_text(
        re.compile("crédits", re.IGNORECASE)
    )
    expect(talking.last_answer(page).locator(".cost-amount")).to_contain_text("0,00")
