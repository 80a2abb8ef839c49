"""What a newcomer does first, in a browser, on a desk and on a telephone."""

import re

import pytest
from playwright.sync_api import expect

from tests.end_to_end import talking
from tests.end_to_end.browsing import NARROW, WIDE, Visit, Window
from tests.end_to_end.installation import Installation
from tests.end_to_end.people import PASSWORD, Member
from tests.end_to_end.talking import QUICK, SLOW

pytestmark = pytest.mark.browser

widths = pytest.mark.parametrize("width", [WIDE, NARROW])


@widths
def test_a_newcomer_signs_up_asks_and_pays_what_the_ledger_says(
    window: Window, site: Installation, width: int
) -> None:
    visit = window.open(width=width)
    page = visit.page
    email = f"newcomer-{width}@bluegpt.example"

    visit.go("/")
    visit.look()
    page.get_by_role("link", name="Sign up").last.click()
    visit.look()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open an account").click()
    visit.look()
    page.get_by_label("Code").fill(site.code(email))
    page.get_by_role("button", name="Continue").click()

    expect(page).to_have_url(f"{site.address}/conversations")
    expect(page.locator("#balance")).to_contain_text("100.00")
    visit.look()

    talking.new_conversation(visit)
    talking.send(page, "What do whales sing about?\nsandbox: pace_ms=2 tokens=1500")
    early = talking.wait_growing(page)
    assert talking.wait_growing(page, beyond=early + 100) > early
    talking.wait_done(page)

    expect(page).to_have_url(re.compile(r"/conversations/[0-9a-f-]{36}$"))
    expect(talking.last_answer(page).locator(".cost")).to_contain_text("1,500 out")
    visit.look()
    available, held = site.balance(email)
    assert held == "0"
    assert talking.header_balance(page) == f"{float(available):.2f}" != "100.00"
    cost = talking.last_answer(page).locator(".cost-amount").inner_text().split()[0]
    assert f"{float(available) + float(cost):.6f}" == "100.000000"

    page.locator("#balance").click()
    expect(page.locator(".figure-large")).to_have_text(available)
    visit.look()

    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()
    visit.go("/conversations")
    expect(page).to_have_url(re.compile("/account/login/"))


@widths
def test_an_answer_goes_on_through_a_reload_and_on_a_second_device(
    window: Window, member: Member, width: int
) -> None:
    here = window.open(member, width=width)
    there = window.open(member, device=1, width=width)
    talking.new_conversation(here)
    talking.send(here.page, f"Tell me something long.\n{SLOW}")
    seen = talking.wait_growing(here.page)

    here.page.reload()
    talking.wait_growing(here.page, beyond=seen)
    there.go(here.path)
    talking.wait_growing(there.page)
    talking.wait_done(here.page)
    talking.wait_done(there.page)

    final = talking.answer_text(here.page)
    assert final == talking.answer_text(there.page)
    assert len(final) > 200
    [stored] = here.stored_texts("assistant")
    here.page.reload()
    expect(talking.last_answer(here.page).locator(".markdown.is-drawn")).to_be_visible()
    assert talking.answer_text(here.page) == final
    assert " ".join(stored.split()).startswith(" ".join(final.split())[:100])


@widths
def test_a_stopped_answer_keeps_what_had_arrived(
    window: Window, site: Installation, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    page = visit.page
    talking.new_conversation(visit)
    talking.send(page, f"Begin, please.\n{SLOW}")
    talking.wait_growing(page, beyond=40)

    page.get_by_role("button", name="Stop", exact=True).click()
    talking.wait_done(page)

    expect(talking.last_answer(page).locator(".badge")).to_have_text("Stopped")
    kept = talking.answer_text(page)
    assert 40 <= len(kept) < 400
    page.reload()
    assert talking.answer_text(page) == kept
    assert site.balance(member.email)[1] == "0"
    visit.look()


@widths
def test_answers_and_questions_branch_and_each_branch_can_be_walked_to(
    window: Window, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    page = visit.page
    talking.new_conversation(visit)
    talking.ask(visit, 'First question\nsandbox: pace_ms=0 text="The first answer."')

    talking.last_answer(page).get_by_role("button", name="Answer again", exact=True).click()
    place = talking.last_answer(page).locator(".siblings-place")
    expect(place).to_have_text("2 / 2")
    talking.wait_done(page)

    question = page.locator(".question").last
    question.hover()
    question.get_by_role("link", name="Edit", exact=True).click()
    page.locator(".edition textarea").fill('Better question\nsandbox: text="The better answer."')
    page.locator(".edition").get_by_role("button", name="Send").click()
    expect(page.locator(".question-text")).to_contain_text("Better question")
    talking.wait_done(page)
    assert talking.answer_text(page) == "The better answer."
    expect(question.locator(".siblings-place")).to_have_text("2 / 2")
    visit.look()

    question.get_by_role("button", name="Previous version").click()
    expect(page.locator(".question-text")).to_contain_text("First question")
    expect(place).to_have_text("2 / 2")
    talking.last_answer(page).get_by_role("button", name="Previous version").click()
    expect(place).to_have_text("1 / 2")
    assert talking.answer_text(page) == "The first answer."
    page.reload()
    expect(place).to_have_text("1 / 2")


@widths
def test_the_model_changes_in_mid_conversation_and_shows_its_reasoning_folded(
    window: Window, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    page = visit.page
    talking.new_conversation(visit)
    talking.ask(visit, f"To the writer\n{QUICK}")

    page.locator(".composer .model-button").click()
    dialog = page.get_by_role("dialog", name="Choose a model")
    dialog.get_by_label("Search models").fill("thinker")
    visit.look()
    dialog.locator(".model-row:visible").first.click()
    expect(page.locator("#model-name")).to_have_text("Sandbox Thinker")
    talking.ask(visit, f"To the thinker\n{QUICK}")

    expect(page.locator(".answer-head")).to_have_text(["Sandbox Writer", "Sandbox Thinker"])
    expect(talking.last_answer(page).locator(".cost")).to_contain_text("reasoning")
    reasoning = talking.last_answer(page).locator(".reasoning")
    expect(reasoning.locator(".reasoning-text")).to_be_hidden()
    reasoning.locator("summary").click()
    expect(reasoning.locator(".reasoning-text")).not_to_be_empty()
    visit.look()


@widths
def test_an_unsent_message_says_what_it_can_cost_at_most(
    window: Window, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    talking.new_conversation(visit)

    visit.page.get_by_label("Your message", exact=True).fill("How much will this be?")

    expect(visit.page.locator("#composer-quote")).to_contain_text("At most 0.6")
    _stand_apart(visit, "#composer-quote", "#composer-action", ".model-button")


@widths
def test_the_keyboard_alone_asks_stops_and_moves_about(
    window: Window, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    page = visit.page
    visit.go("/conversations?model=sandbox/writer")
    expect(page.get_by_label("Your message", exact=True)).to_be_focused()

    page.keyboard.type("sandbox: pace_ms=40 tokens=400")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Written without a mouse")
    page.keyboard.press("Enter")
    talking.wait_growing(page)
    page.keyboard.press("Escape")
    talking.wait_done(page)
    expect(talking.last_answer(page).locator(".badge")).to_have_text("Stopped")

    page.keyboard.press("Control+/")
    expect(page.get_by_label("Search models")).to_be_focused()
    page.keyboard.type("scholar")
    page.keyboard.press("Enter")
    expect(page.locator("#model-name")).to_have_text("Sandbox Scholar")
    page.keyboard.press("Shift+Escape")
    expect(page.get_by_label("Your message", exact=True)).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Words to look for in all messages")).to_be_focused()
    page.keyboard.press("Control+Shift+O")
    expect(page).to_have_url(re.compile("/conversations$"))
    _skips_to_the_content(visit)


def _stand_apart(visit: Visit, *selectors: str) -> None:
    """None of these covers another, and each is wide enough to be read."""
    boxes = [visit.page.locator(selector).bounding_box() for selector in selectors]
    for number, one in enumerate(boxes):
        assert one is not None
        assert one["width"] >= 32
        for other in boxes[number + 1 :]:
            assert other is not None
            beside = (
                one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
            )
            above = (
                one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
            )
            assert beside or above


def _skips_to_the_content(visit: Visit) -> None:
    """The first Tab of a page without a field in focus leads past the header."""
    visit.go("/models")
    visit.page.keyboard.press("Tab")
    expect(visit.page.get_by_role("link", name="Skip to content")).to_be_focused()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("#content")).to_be_focused()
