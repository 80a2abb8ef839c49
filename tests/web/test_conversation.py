"""The conversation page in a real browser, against a real server and its sandbox."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.web.conftest import QUICK, NewVisit, Visit

SOURCE = """# A

Text **bold** and [a link](https://a.example).

- one
  - two

- three

| a | b |
|--:|---|
| 1 | 2 |

```text
x = 1

y = 2
```

> quoted
> twice

What is [said][later] is defined later.

[later]: https://b.example

The end"""

# A text drawn at once and piece by piece; white space between blocks does not count.
GROW = r"""async ([source, step]) => {
  const { render } = await import("lib/markdown")
  const { Growing } = await import("lib/growing")
  const shown = (place) => place.innerHTML.replace(/>\s+</g, "><").trim()
  const once = document.createElement("div")
  const place = document.createElement("div")
  document.body.append(once, place)
  once.append(render(source))
  const growing = new Growing(place)
  for (let at = 0; at < source.length; at += step) {
    growing.add(source.slice(at, at + step))
    if (at % 3 === 0) await new Promise(requestAnimationFrame)
  }
  growing.finish()
  return [shown(once), shown(place)]
}"""

SLOW = "\nsandbox: pace_ms=25 tokens=160"


def test_an_answer_streams_in_and_says_what_it_cost(visit: Visit) -> None:
    visit.open("/conversations")
    balance = visit.page.inner_text("#balance")

    visit.page.fill("#composer-text", "Show me some Python")
    expect(visit.page.locator("#composer-quote")).to_contain_text(re.compile(r"At most [\d.]+"))
    visit.page.keyboard.press("Enter")

    expect(visit.page.locator("#composer-action [form=stop]")).to_be_visible()
    expect(visit.page.locator(".cost")).to_contain_text("credits", timeout=20_000)
    expect(visit.page).to_have_url(re.compile(r"/conversations/[0-9a-f-]{36}$"))
    expect(visit.page.locator(".answer pre .hljs-keyword").first).to_have_text("def")
    expect(visit.page.locator(".answer .katex").first).to_be_visible()
    expect(visit.page.locator("#lines-today .line").first).to_contain_text("Show me some Python")
    expect(visit.page.locator("#composer-text")).to_have_value("")
    assert visit.page.inner_text("#balance") != balance
    assert visit.complaints == []


def test_a_reload_takes_the_answer_up_where_it_was(visit: Visit) -> None:
    visit.open("/conversations")
    visit.page.fill("#composer-text", f"Take your time{SLOW}")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".answer .markdown")).not_to_be_empty()

    visit.page.reload()

    expect(visit.page.locator(".answer[aria-busy]")).to_be_visible()
    expect(visit.page.locator(".cost")).to_be_visible(timeout=20_000)
    streamed = visit.page.inner_text(".answer .markdown")
    visit.page.reload()
    expect(visit.page.locator(".answer .markdown.is-drawn")).to_be_visible()
    assert visit.page.inner_text(".answer .markdown") == streamed
    assert visit.complaints == []


def test_the_newest_answer_stays_in_view_unless_the_reader_scrolls_up(visit: Visit) -> None:
    visit.open("/conversations")
    visit.ask("One")
    visit.ask("Two")
    expect(visit.page.locator(".cost").last).to_be_in_viewport()

    visit.page.fill("#composer-text", f"Three{SLOW}")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".answer")).to_have_count(3)
    expect(visit.page.locator(".answer").last.locator(".markdown")).not_to_be_empty()
    visit.page.mouse.move(700, 300)
    visit.page.mouse.wheel(0, -600)
    expect(visit.page.locator(".cost")).to_have_count(3, timeout=20_000)

    expect(visit.page.locator(".cost").last).not_to_be_in_viewport()
    visit.page.click("#to-bottom")
    expect(visit.page.locator(".cost").last).to_be_in_viewport()


@pytest.mark.parametrize("step", [1, 3, 7, 50])
def test_a_text_that_grows_ends_as_if_it_had_come_at_once(visit: Visit, step: int) -> None:
    visit.open("/style-guide")

    at_once, grown = visit.page.evaluate(GROW, [SOURCE, step])

    assert grown == at_once
    assert "https://b.example" in grown


def test_a_no_break_space_at_the_end_of_a_piece_begins_no_block(visit: Visit) -> None:
    visit.open("/style-guide")
    source = "- un\n- deux\u00a0:\n  1. trois\n- quatre"

    at_once, grown = visit.page.evaluate(GROW, [source, source.index(":")])

    assert grown == at_once


def test_stop_keeps_what_had_arrived(visit: Visit) -> None:
    visit.open("/conversations")
    visit.page.fill("#composer-text", f"Take your time{SLOW}")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".answer .markdown")).not_to_be_empty()

    visit.page.click("#composer-action button")

    expect(visit.page.locator(".answer .badge")).to_have_text("Stopped")
    expect(visit.page.locator(".answer .markdown")).not_to_be_empty()
    expect(visit.page.locator("#composer-action [form=stop]")).to_have_count(0)


def test_an_edited_question_is_a_branch_of_its_own(visit: Visit) -> None:
    visit.open("/conversations")
    visit.ask("First thought")

    visit.page.hover(".question")
    visit.page.click(".question a:has([title=Edit])")
    visit.page.fill(".edition textarea", f"Second thought{QUICK}")
    visit.page.click(".edition button[data-kind=primary]")
    places = visit.page.locator(".question .siblings-place")
    expect(places).to_have_text("2 / 2")
    expect(visit.page.locator(".answer .cost")).to_be_visible(timeout=20_000)
    expect(visit.page.locator(".question-text")).to_contain_text("Second thought")

    visit.page.click(".question button:has([title='Previous version'])")

    expect(places).to_have_text("1 / 2")
    expect(visit.page.locator(".question-text")).to_contain_text("First thought")
    assert visit.complaints == []


def test_an_answer_can_be_had_again_from_another_model(visit: Visit) -> None:
    visit.open("/conversations?model=sandbox/writer")
    visit.ask("Who are you?")

    visit.page.click(".answer button:has([title='Answer again with another model'])")
    visit.page.wait_for_selector(".model-row")
    visit.page.fill("#models-search", "thinker")
    visit.page.keyboard.press("Enter")

    expect(visit.page.locator(".answer .siblings-place")).to_have_text("2 / 2", timeout=20_000)
    expect(visit.page.locator(".answer-head")).to_have_text("Sandbox Thinker")
    assert visit.complaints == []


def test_a_failed_answer_says_why_and_can_be_tried_again(visit: Visit) -> None:
    visit.open("/conversations")

    visit.page.fill("#composer-text", "Hello\nsandbox: pace_ms=0 error=500 error_after=4")
    visit.page.keyboard.press("Enter")

    notice = visit.page.locator(".answer .notice[data-kind=error]")
    expect(notice).to_be_visible(timeout=20_000)
    expect(notice.get_by_role("button")).to_have_text("Try again")


def test_an_attached_picture_is_measured_sent_and_shown(visit: Visit, tmp_path: Path) -> None:
    visit.open("/conversations?model=sandbox/writer")
    visit.page.set_input_files("input[name=files]", _picture(tmp_path))

    expect(visit.page.locator(".chip-file")).to_have_attribute("data-state", "read")
    expect(visit.page.locator("#composer-quote")).to_contain_text("At most")
    visit.ask("What is this?")

    picture = visit.page.locator(".attachment img")
    expect(picture).to_be_visible()
    answer = visit.page.request.get(f"{visit.url}{picture.get_attribute('src')}")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"].startswith("private")
    assert visit.page.locator(".chip-file").count() == 0
    assert visit.complaints == []


def test_a_file_that_cannot_be_read_is_refused_before_it_is_sent(
    visit: Visit, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"not a picture")
    visit.open("/conversations")

    visit.page.set_input_files("input[name=files]", broken)

    expect(visit.page.locator(".chip-file")).to_have_attribute("data-state", "refused")
    expect(visit.page.locator("#notices")).to_contain_text("“broken.png” cannot be read.")
    visit.page.click(".chip-file button")
    expect(visit.page.locator(".chip-file")).to_have_count(0)
    expect(visit.page.locator("#notices")).to_be_empty()


def test_a_temporary_conversation_remembers_until_the_page_goes(visit: Visit) -> None:
    visit.open("/conversations/temporary")
    lines = visit.page.locator(".line").count()

    visit.ask("My name is Ada")
    visit.ask("What did I say?")

    assert visit.page.locator(".message").count() == 4
    assert visit.page.url.endswith("/conversations/temporary")
    visit.page.reload()
    assert visit.page.locator(".message").count() == 0
    assert visit.page.locator(".line").count() == lines
    assert visit.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_conversation_can_be_renamed_found_and_deleted(visit: Visit) -> None:
    visit.open("/conversations")
    visit.ask("The zebra crosses the river")

    visit.page.click(".conversation-title-link")
    visit.page.fill("#options-title", "Animals on the move")
    visit.page.get_by_role("button", name="Rename").click()
    expect(visit.page.locator(".conversation-title")).to_contain_text("Animals on the move")

    visit.open("/search?words=ZEBRA+crosses")
    visit.page.locator(".hit", has_text="The zebra").last.click()
    expect(visit.page).to_have_url(re.compile(r"#message-"))

    visit.page.click(".conversation-title-link")
    visit.page.click(".options-delete")
    visit.page.locator("#sheet").get_by_role("button", name="Delete").click()
    expect(visit.page.locator(".notice[data-kind=success]")).to_contain_text("was deleted")
    assert visit.page.locator(".line", has_text="Animals on the move").count() == 0
    assert visit.complaints == []


@pytest.mark.parametrize("is_temporary", [False, True], ids=["stored", "temporary"])
def test_everything_but_streaming_works_without_scripts(
    new_visit: NewVisit, is_temporary: bool
) -> None:
    visit = new_visit(java_script_enabled=False)
    visit.open("/conversations/temporary" if is_temporary else "/conversations")

    for number, words in enumerate(["One", "Two"], start=1):
        visit.page.fill("#composer-text", f"{words}{QUICK}")
        visit.page.click("#composer-action button")
        expect(visit.page.locator(".answer")).to_have_count(number)

    expect(visit.page.locator(".answer .markdown").last).to_contain_text("sandbox")
    expect(visit.page.locator(".cost").last).to_be_visible()


def test_the_drawer_opens_without_scripts(new_visit: NewVisit) -> None:
    visit = new_visit(java_script_enabled=False, width=320)
    visit.open("/conversations")
    expect(visit.page.locator("#sidebar")).to_be_hidden()

    visit.page.click(".topbar-menu")

    expect(visit.page.locator("#sidebar")).to_be_visible()


def test_a_lost_connection_keeps_the_message(visit: Visit) -> None:
    visit.open("/conversations")
    visit.page.fill("#composer-text", "Still here")
    visit.page.context.set_offline(True)

    visit.page.keyboard.press("Enter")

    expect(visit.page.locator("#notices")).to_contain_text("could not be reached")
    expect(visit.page.locator("#composer-text")).to_have_value("Still here")


def _picture(folder: Path) -> Path:
    path = folder / "square.png"
    Image.new("RGB", (64, 48), "navy").save(path)
    return path
