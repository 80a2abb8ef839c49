"""An account is closed and opened again in a browser, with and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.end_to_end.browsing import NARROW, WIDE, Window
from tests.end_to_end.people import PASSWORD, Member

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "options",
    [{"width": WIDE}, {"width": NARROW}, {"java_script_enabled": False}],
    ids=["wide", "narrow", "plain"],
)
def test_closing_and_opening_again(window: Window, member: Member, options: dict[str, Any]) -> None:
    # given somebody who reads what would end when
    visit = window.open(member, **options)
    page = visit.page
    visit.go("/account")
    page.get_by_role("link", name="Close Close the account").click()
    expect(page.get_by_role("row")).to_have_count(8)
    _look(visit, options)

    # when they choose a longer term and close the account, with their password
    page.get_by_label("Keep my conversations until").select_option(index=2)
    page.get_by_role("button", name="Close my account").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is closed")
    _look(visit, options)

    # then no page of the account opens, and a log-in ends in a question
    visit.go("/account")
    page.get_by_label("E-mail address").fill(member.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This account is closed")
    _look(visit, options)
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_text("Your account is open again.")).to_be_visible()


def _look(visit: Any, options: dict[str, Any]) -> None:
    if options.get("java_script_enabled", True):
        visit.look()
