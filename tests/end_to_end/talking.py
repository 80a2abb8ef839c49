"""What people do on a conversation page, said once."""

from playwright.sync_api import Locator, Page, expect

from tests.end_to_end.browsing import Visit

# Longer than any test looks at it, shorter than a test would wait: about four seconds.
SLOW = "sandbox: pace_ms=40 tokens=100"
QUICK = "sandbox: pace_ms=0 tokens=12"
# What goes in alone costs more than the welcome grant; an answer is cut to what is left.
DEAR = "openai/gpt-5.5-pro"
TOO_DEAR = "word " * 60_000
_GROWS = """([busy, chars]) => {
  const answer = [...document.querySelectorAll('.answer')].at(-1)
  const text = answer?.querySelector('.markdown')?.textContent ?? ''
  return (answer?.getAttribute('aria-busy') === 'true') === busy && text.length > chars
}"""


def new_conversation(visit: Visit, *, model: str = "sandbox/writer") -> None:
    visit.go(f"/conversations?model={model}")


def send(page: Page, text: str) -> None:
    """Type and press Enter, as people with a keyboard do."""
    box = page.get_by_label("Your message", exact=True)
    box.fill(text)
    # The narrow page is a telephone's, where Enter would be a new line; the button always sends.
    page.get_by_role("button", name="Send", exact=True).click()


def last_answer(page: Page) -> Locator:
    return page.locator(".answer").last


def wait_growing(page: Page, *, beyond: int = 0) -> int:
    """Text is there while the answer is still being made; how much."""
    page.wait_for_function(_GROWS, arg=[True, beyond])
    return len(answer_text(page))


def wait_done(page: Page) -> None:
    """The last answer has ended, and what it did cost is shown."""
    expect(last_answer(page)).not_to_have_attribute("aria-busy", "true")
    expect(last_answer(page).locator(".cost")).to_be_visible()


def answer_text(page: Page) -> str:
    return last_answer(page).locator(".markdown").inner_text()


def ask(visit: Visit, text: str) -> str:
    """A question and its whole answer."""
    answers = visit.page.locator(".answer").count()
    send(visit.page, text)
    expect(visit.page.locator(".answer")).to_have_count(answers + 1)
    wait_done(visit.page)
    return answer_text(visit.page)


def open_options(page: Page) -> Locator:
    """The sheet with everything that can be done with the conversation on show."""
    page.locator(".conversation-title-link").click()
    sheet = page.locator("#sheet")
    expect(sheet.get_by_label("Title")).to_be_visible()
    return sheet


def open_menu(page: Page) -> Locator:
    """The account's menu."""
    page.locator("details.menu summary").click()
    return page.locator(".menu-list")


def header_balance(page: Page) -> str:
    """Credits in the header, the number alone."""
    return page.locator("#balance").inner_text().split()[0]
