"""Credits in a browser: from an answer to its line, a question, a limit, a statement."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end import talking
from tests.end_to_end.browsing import NARROW, WIDE, Window
from tests.end_to_end.installation import Installation
from tests.end_to_end.people import Member
from tests.end_to_end.talking import QUICK

pytestmark = pytest.mark.browser

# Enough for the first step of an answer, and not for the second.
LITTLE = "0.2"


def _set_limit(page: Page, credits: str) -> None:
    page.get_by_label("Credits", exact=True).fill(credits)
    page.get_by_role("button", name="Set the limit").click()
    expect(page.locator(".messages")).to_contain_text("The limit holds from now on.")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_from_an_answer_to_its_line_and_a_question_about_it(
    window: Window, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    page = visit.page
    talking.new_conversation(visit)
    talking.ask(visit, f"What does this cost?\n{QUICK}")
    cost = page.locator(".cost-amount a")
    charged = cost.inner_text().split()[0]

    cost.click()
    expect(page.locator(".line-amount")).to_contain_text(charged)
    visit.look()
    page.get_by_label("What is wrong with it?").fill("It said nothing.")
    page.get_by_role("button", name="Send the question").click()
    expect(page.locator("article.card")).to_contain_text("It said nothing.")
    visit.look()
    page.get_by_role("link", name="Statement").click()
    expect(page.locator(".line-case")).to_contain_text("Question open")
    request = page.locator(".request").last
    request.locator("summary").click()
    expect(request.locator("code").last).to_have_text(re.compile(r"^[0-9a-f-]{36}$"))
    visit.look()

    page.get_by_label("From").fill("2026-12-31")
    page.get_by_label("Until").fill("2026-01-01")
    visit.expected_statuses.add(422)
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".field-error")).to_contain_text("before the first one")
    visit.look()


def test_an_answer_stops_at_a_limit_and_the_next_one_is_refused_with_the_way_out(
    window: Window, member: Member
) -> None:
    visit = window.open(member, expects=[422])
    page = visit.page
    visit.go("/credits/limits")
    _set_limit(page, LITTLE)
    visit.look()

    talking.new_conversation(visit)
    talking.ask(visit, "Write for long\nsandbox: pace_ms=0 tokens=4000")
    answer = talking.last_answer(page)
    expect(answer.locator(".notice")).to_contain_text("so the answer was stopped here")
    visit.look()
    answer.get_by_role("button", name="Go on").click()
    refusal = page.locator("#notices .notice")
    expect(refusal).to_contain_text("monthly limit of 0.2 credits")
    visit.look()

    refusal.get_by_role("link", name="Change the limits").click()
    expect(page.locator(".limit")).to_contain_text("of 0.2 credits")
    visit.go("/credits")
    expect(page.locator("main .notice").first).to_contain_text("Whole account, per month")
    visit.look()
    visit.go("/credits/limits")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".limit")).to_have_count(0)


def test_without_scripts_a_statement_is_downloaded_and_proves_itself(
    window: Window, site: Installation, member: Member, tmp_path: Path
) -> None:
    visit = window.open(member, width=NARROW, java_script_enabled=False)
    page = visit.page
    visit.go("/conversations?model=sandbox/writer")
    page.get_by_label("Your message", exact=True).fill(f"Hello\n{QUICK}")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".cost-amount a").click()
    page.get_by_label("What is wrong with it?").fill("Too short.")
    page.get_by_role("button", name="Send the question").click()
    expect(page.locator("article.card")).to_contain_text("Too short.")
    visit.go("/credits/limits")
    _set_limit(page, "50")

    visit.go("/credits")
    page.get_by_role("link", name="Statement", exact=True).click()
    page.get_by_role("link", name="This year").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    closing = page.locator(".equation [data-kind=result] dd").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as JSON").click()
    file = tmp_path / "statement.json"
    download.value.save_as(file)

    checked = site.command("statement", "check", str(file))
    assert "This statement holds." in checked
    assert closing.replace("=", "").strip() in page.locator(".ledger-sum").last.inner_text()
