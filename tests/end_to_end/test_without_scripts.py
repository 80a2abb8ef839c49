"""A browser that runs no scripts: everything works but live streaming."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end import talking
from tests.end_to_end.browsing import NARROW, WIDE, Visit, Window
from tests.end_to_end.installation import Installation
from tests.end_to_end.people import PASSWORD, Member
from tests.end_to_end.talking import QUICK

pytestmark = pytest.mark.browser

PLAIN: dict[str, Any] = {"java_script_enabled": False}


def _ask(visit: Visit, text: str) -> None:
    visit.page.get_by_label("Your message", exact=True).fill(text)
    visit.page.get_by_role("button", name="Send", exact=True).click()
    visit.page.wait_for_load_state("load")


def _answers(page: Page) -> list[str]:
    return page.locator(".answer .markdown").all_inner_texts()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_signing_up_and_asking_shows_the_finished_answer(
    window: Window, site: Installation, width: int
) -> None:
    visit = window.open(width=width, **PLAIN)
    page = visit.page
    email = f"plain-{width}@bluegpt.example"

    visit.go("/account/signup/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open an account").click()
    page.get_by_label("Code").fill(site.code(email))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#balance")).to_contain_text("100.00")
    visit.go("/conversations")
    page.get_by_label("Model", exact=True).select_option("sandbox/writer")
    _ask(visit, 'Hello\nsandbox: pace_ms=0 text="Good day."')

    expect(page).to_have_url(re.compile("/conversations/.*#message-"))
    assert _answers(page) == ["Good day."]
    expect(page.locator(".cost-amount")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_branches_search_and_deletion_work(window: Window, member: Member) -> None:
    visit = window.open(member, **PLAIN)
    page = visit.page
    visit.go("/conversations?model=sandbox/writer")
    _ask(visit, 'A question\nsandbox: pace_ms=0 text="An answer about pelicans."')

    page.get_by_role("button", name="Answer again", exact=True).click()
    expect(page.locator(".siblings-place")).to_have_text("2 / 2")
    page.get_by_role("button", name="Previous version").click()
    expect(page.locator(".siblings-place")).to_have_text("1 / 2")
    page.get_by_role("link", name="Edit", exact=True).click()
    page.locator(".edition textarea").fill(f"Another question\n{QUICK}")
    page.locator(".edition").get_by_role("button", name="Send").click()
    expect(page.locator(".question-text")).to_contain_text("Another question")
    expect(page.locator(".question .siblings-place")).to_have_text("2 / 2")

    visit.go("/search")
    page.get_by_label("Words to look for in all messages").fill("pelicans")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(".hit").first.click()
    expect(page.locator("main")).to_contain_text("An answer about pelicans.")

    page.locator(".conversation-title-link").click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("was deleted")
    expect(page.locator(".line")).to_have_count(0)


def test_a_temporary_conversation_goes_on_and_a_refused_message_is_kept(
    window: Window, member: Member
) -> None:
    visit = window.open(member, expects=[422], **PLAIN)
    page = visit.page
    visit.go("/conversations/temporary")
    page.get_by_label("Model", exact=True).select_option("sandbox/writer")
    _ask(visit, 'One\nsandbox: pace_ms=0 text="First."')
    _ask(visit, 'Two\nsandbox: pace_ms=0 text="Second."')
    assert _answers(page) == ["First.", "Second."]

    page.get_by_label("Model", exact=True).select_option(talking.DEAR)
    _ask(visit, talking.TOO_DEAR)
    refusal = page.locator(".notice[data-kind=error]")
    expect(refusal).to_contain_text("first message to this company")
    _ask(visit, talking.TOO_DEAR)

    expect(refusal).to_contain_text("you have")
    expect(page.get_by_label("Your message", exact=True)).to_have_value(talking.TOO_DEAR)
    assert _answers(page) == ["First.", "Second."]


def test_theme_and_language_switch(window: Window, member: Member) -> None:
    visit = window.open(member, **PLAIN)
    page = visit.page
    visit.go("/account")
    account = page.locator("main")

    account.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    account.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("h1")).to_have_text("Votre compte")
    account.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
