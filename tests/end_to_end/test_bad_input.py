"""What goes wrong in a browser: a sentence says what and what to do, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import FilePayload, Page, Request, expect

from tests.end_to_end import talking
from tests.end_to_end.browsing import Visit, Window
from tests.end_to_end.installation import Installation
from tests.end_to_end.people import Member

pytestmark = pytest.mark.browser


def _says(page: Page, words: str) -> None:
    expect(page.locator("#notices [role=alert]")).to_contain_text(re.compile(words))
    assert "Traceback" not in page.content()


def _still_has(page: Page, text: str) -> None:
    expect(page.get_by_label("Your message", exact=True)).to_have_value(text)
    expect(page.locator(".question")).to_have_count(0)


def _paid_nothing(site: Installation, member: Member) -> None:
    assert site.balance(member.email) == ("100", "0")


def _attach(page: Page, name: str, media_type: str, data: bytes) -> None:
    payload = FilePayload(name=name, mimeType=media_type, buffer=data)
    page.locator("input[type=file]").set_input_files([payload])


def test_a_message_that_is_too_long_stays_in_the_field(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open(member, expects=[422])
    talking.new_conversation(visit)
    text = "word " * 80_001

    talking.send(visit.page, text)

    _says(visit.page, "has 400.?005 characters; the most is 400.?000. Shorten it")
    _still_has(visit.page, text)
    _paid_nothing(site, member)
    visit.look()


def test_a_message_beyond_the_context_window_is_refused_before_it_is_sent(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open(member, expects=[422])
    talking.new_conversation(visit)
    text = "é" * 390_000

    talking.send(visit.page, text)

    _says(visit.page, "context|too long|window")
    _still_has(visit.page, text)
    _paid_nothing(site, member)


def test_a_file_that_cannot_be_read_is_named_and_the_text_stays(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open(member, expects=[422])
    page = visit.page
    talking.new_conversation(visit)
    _attach(page, "broken.png", "image/png", b"\x89PNG\r\n\x1a\nand no picture")
    expect(page.locator(".chip-file")).to_have_attribute("data-state", "refused")
    _says(page, "“broken.png” cannot be read")

    talking.send(page, "What is this?")

    _says(page, "“broken.png” cannot be read")
    _still_has(page, "What is this?")
    _paid_nothing(site, member)
    visit.look()


def test_a_file_over_the_limit_is_not_even_sent(window: Window, member: Member) -> None:
    visit = window.open(member)
    talking.new_conversation(visit)
    visit.page.get_by_label("Your message", exact=True).fill("Read this")
    long_bodies: list[str] = []
    visit.page.on(
        "request",
        lambda sent: long_bodies.append(sent.url) if _body_bytes(sent) > 1_000_000 else None,
    )

    _attach(visit.page, "film.pdf", "application/pdf", b"%PDF-" + bytes(10_000_001))

    _says(visit.page, "too large")
    _still_has(visit.page, "Read this")
    assert long_bodies == []


def _body_bytes(sent: Request) -> int:
    return len(sent.post_data_buffer or b"")


def test_a_balance_that_is_too_small_says_what_is_missing(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open(member, expects=[422])
    talking.new_conversation(visit, model=talking.DEAR)
    visit.page.get_by_label("Your message", exact=True).fill(talking.TOO_DEAR)
    expect(visit.page.locator(".quote-short")).to_contain_text("more than you have")

    talking.send(visit.page, talking.TOO_DEAR)

    _says(visit.page, "can cost up to [0-9.]+ credits; you have 100")
    _still_has(visit.page, talking.TOO_DEAR)
    _paid_nothing(site, member)
    visit.look()


def test_an_expired_form_keeps_the_text_and_can_be_sent_after_a_new_log_in(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open(member, expects=[403])
    page = visit.page
    talking.new_conversation(visit)
    visit.context.clear_cookies(name="csrftoken")

    talking.send(page, "Written long ago")

    _says(page, "open for too long")
    _still_has(page, "Written long ago")
    _paid_nothing(site, member)


def test_an_expired_form_without_scripts_gives_the_text_back_and_sends_it_again(
    window: Window, member: Member
) -> None:
    visit = window.open(member, expects=[403], java_script_enabled=False)
    page = visit.page
    talking.new_conversation(visit)
    visit.context.clear_cookies(name="csrftoken")
    text = 'Written long ago\nsandbox: pace_ms=0 text="Still in time."'

    talking.send(page, text)
    expect(page.locator("h1")).to_have_text("This form has expired")
    expect(page.get_by_label("What you had written").first).to_have_value(text)
    page.get_by_role("button", name="Send again").click()

    expect(page.locator(".answer .markdown")).to_contain_text("Still in time.")


def test_who_was_logged_out_elsewhere_keeps_the_text(window: Window, member: Member) -> None:
    visit = window.open(member, expects=[403])
    talking.new_conversation(visit)
    visit.context.clear_cookies(name="sessionid")

    talking.send(visit.page, "Where was I?")

    _says(visit.page, "logged out")
    _still_has(visit.page, "Where was I?")


def _failed(visit: Visit, words: str) -> None:
    page = visit.page
    notice = talking.last_answer(page).locator(".notice")
    expect(notice).to_contain_text(re.compile(words))
    expect(notice.get_by_role("button", name="Try again")).to_be_visible()
    assert "Traceback" not in page.content()


@pytest.mark.parametrize(
    ("switch", "words"),
    [("error=500", "."), ("error=429", "."), ("error=401", ".")],
)
def test_a_provider_that_fails_before_the_first_word_costs_nothing(
    window: Window, site: Installation, member: Member, switch: str, words: str
) -> None:
    visit = window.open(member)
    talking.new_conversation(visit)

    talking.send(visit.page, f"Will this work?\nsandbox: {switch}")

    _failed(visit, words)
    expect(talking.last_answer(visit.page).locator(".cost")).to_have_text("Nothing was charged")
    expect(visit.page.locator(".question-text")).to_contain_text("Will this work?")
    _paid_nothing(site, member)
    visit.look()


def test_a_provider_that_is_down_costs_nothing_and_can_be_tried_again(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open(member)
    talking.new_conversation(visit, model="openai/gpt-5-nano")

    talking.send(visit.page, "Is anybody there?")

    _failed(visit, ".")
    visit.page.reload()
    _failed(visit, ".")
    _paid_nothing(site, member)
    talking.last_answer(visit.page).get_by_role("button", name="Try again").click()
    expect(talking.last_answer(visit.page).locator(".siblings-place")).to_have_text("2 / 2")


@pytest.mark.parametrize("switch", ["cut_after=30", "error_after=30", "malformed_after=30"])
def test_an_answer_that_breaks_off_keeps_and_charges_what_had_come(
    window: Window, site: Installation, member: Member, switch: str
) -> None:
    visit = window.open(member)
    talking.new_conversation(visit)

    talking.send(visit.page, f"Go on\nsandbox: pace_ms=0 tokens=100 {switch}")

    _failed(visit, ".")
    cost = talking.last_answer(visit.page).locator(".cost-amount").inner_text().split()[0]
    assert 20 <= len(talking.answer_text(visit.page)) < 300
    available, held = site.balance(member.email)
    assert held == "0"
    assert 99.98 < float(available) < 100
    assert float(cost) == pytest.approx(100 - float(available))
