"""What can be done with conversations beside talking: files, order, search, nothing kept."""

import re
import sqlite3
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from tests.end_to_end import files, talking
from tests.end_to_end.browsing import NARROW, WIDE, Window
from tests.end_to_end.installation import Installation
from tests.end_to_end.people import Member
from tests.end_to_end.talking import QUICK

pytestmark = pytest.mark.browser

widths = pytest.mark.parametrize("width", [WIDE, NARROW])


def _payload(name: str, media_type: str, data: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType=media_type, buffer=data)


@widths
def test_a_picture_and_a_pdf_go_with_a_question_and_come_back_safely(
    window: Window, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    page = visit.page
    talking.new_conversation(visit)

    page.locator("input[type=file]").set_input_files(
        [
            _payload("sea.png", "image/png", files.picture()),
            _payload("terms.pdf", "application/pdf", files.pdf("Terms")),
        ]
    )
    expect(page.locator(".chip-file[data-state=read]")).to_have_count(2)
    visit.look()
    talking.ask(visit, "What are these?\nsandbox: pace_ms=0")

    expect(page.locator(".question .attachment img")).to_have_attribute("alt", "sea.png")
    expect(page.locator(".question .attachment-chip")).to_contain_text("terms.pdf")
    assert page.locator(".chip-file").count() == 0
    drawn = talking.last_answer(page).locator(".markdown")
    expect(drawn).to_contain_text("a picture: image/png, 64 × 48 pixels")
    expect(drawn).to_contain_text("You attached a PDF")
    page.reload()
    picture = page.locator(".question .attachment img")
    picture.scroll_into_view_if_needed()  # it is loaded when it is looked at
    assert picture.evaluate("e => e.decode().then(() => e.naturalWidth)") == 64
    visit.look()
    address = page.locator(".question .attachment-chip").get_attribute("href")
    got = visit.context.request.get(f"{visit.base}{address}")
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"


@widths
def test_a_model_that_draws_answers_with_a_picture_that_stays(
    window: Window, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    page = visit.page
    talking.new_conversation(visit, model="sandbox/painter")

    talking.send(page, "A red house\nsandbox: first_ms=1200")
    expect(page.locator(".picture-awaited")).to_be_visible()
    expect(page.locator(".working")).to_contain_text("Drawing…")
    visit.look()
    talking.wait_done(page)
    drawn = page.locator(".answer-picture img")
    expect(drawn).to_have_attribute("alt", re.compile("^A red house"))
    visit.look()

    page.reload()
    drawn.scroll_into_view_if_needed()
    assert drawn.evaluate("e => e.decode().then(() => e.naturalWidth)") == 512
    talking.last_answer(page).get_by_role("button", name="Answer again", exact=True).click()
    expect(page.locator(".siblings")).to_contain_text("2")
    talking.wait_done(page)
    expect(drawn).to_have_count(1)
    page.locator(".answer-picture").click()
    expect(page.locator("#viewer .viewing-prompt")).to_contain_text("A red house")
    visit.look()
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()


@widths
def test_a_conversation_is_renamed_pinned_put_away_and_deleted(
    window: Window, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    page = visit.page
    talking.new_conversation(visit)
    talking.ask(visit, f"About lighthouses\n{QUICK}")

    sheet = talking.open_options(page)
    visit.look()
    sheet.get_by_label("Title").fill("Towers of light")
    sheet.get_by_role("button", name="Rename").click()
    expect(page.locator(".conversation-title-link")).to_contain_text("Towers of light")

    talking.open_options(page).get_by_role("button", name="Pin", exact=True).click()
    pinned = page.locator(".conversation-list section").first
    expect(pinned.locator("h2")).to_have_text("Pinned")
    expect(pinned).to_contain_text("Towers of light")

    talking.open_options(page).get_by_role("button", name="Archive").click()
    expect(page.locator(".notice")).to_contain_text("in the archive")
    visit.go("/conversations/archived")
    expect(page.locator(".listing")).to_contain_text("Towers of light")
    visit.look()
    page.locator(".listing .line-link").click()

    talking.open_options(page).get_by_role("link", name="Delete…").click()
    sheet = page.locator("#sheet")
    expect(sheet).to_contain_text("at once and for good")
    visit.look()
    sheet.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("was deleted")
    expect(page.locator("#sidebar")).not_to_contain_text("Towers of light")


@widths
def test_a_search_finds_a_word_in_a_message_and_opens_it_on_its_branch(
    window: Window, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    page = visit.page
    talking.new_conversation(visit)
    talking.ask(visit, 'Where?\nsandbox: pace_ms=0 text="By the Quarantäne station."')
    talking.last_answer(page).get_by_role("button", name="Answer again", exact=True).click()
    expect(talking.last_answer(page).locator(".siblings-place")).to_have_text("2 / 2")
    talking.wait_done(page)

    visit.go("/search")
    page.get_by_label("Words to look for in all messages").fill("quarantane")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".hit mark").first).to_have_text("Quarantäne")
    visit.look()
    expect(page.locator(".hit")).to_have_count(3)
    page.locator(".hit-text", has_text="Where?").click()

    expect(page).to_have_url(re.compile(r"/conversations/[0-9a-f-]+.*#message-"))
    target = page.url.partition("#")[2]
    expect(page.locator(f"#{target}")).to_be_in_viewport()
    expect(page.locator(f"#{target}")).to_contain_text("Where?")


def test_nothing_of_a_temporary_conversation_is_stored(
    window: Window, site: Installation, member: Member
) -> None:
    visit = window.open(member)
    page = visit.page
    visit.go("/conversations/temporary")
    visit.look()
    page.locator("#composer-model").evaluate(
        "e => { e.value = 'sandbox/writer'; e.dispatchEvent(new Event('change')) }"
    )

    talking.ask(visit, f"Between us\n{QUICK}")
    talking.ask(visit, f"And further\n{QUICK}")
    expect(page.locator(".question")).to_have_count(2)
    visit.look()

    expect(page.locator(".conversation-list-empty")).to_be_visible()
    rows = _rows_of(site, member)
    assert rows == {"studio_conversation": 0, "studio_message": 0, "studio_call": 2}
    visit.go("/search?words=Between")
    expect(page.locator(".hit")).to_have_count(0)
    visit.go("/conversations/temporary")
    expect(page.locator(".question")).to_have_count(0)


def _rows_of(site: Installation, member: Member) -> dict[str, int]:
    person_id = member.person_id.replace("-", "")
    tables = ("studio_conversation", "studio_message", "studio_call")
    with sqlite3.connect(site.data_dir / "bluegpt.sqlite3") as database:
        counted = {
            table: database.execute(
                f"SELECT count(*) FROM {table} WHERE person_id = ?",  # noqa: S608 - our own names
                [person_id],
            ).fetchone()[0]
            for table in tables
        }
    database.close()
    return counted


def test_instructions_go_with_every_message_of_a_conversation(
    window: Window, member: Member
) -> None:
    visit = window.open(member)
    page = visit.page
    talking.new_conversation(visit)

    page.get_by_role("button", name="Instructions for this conversation").click()
    page.locator("#composer-system").fill("Answer in one line.")
    page.get_by_role("button", name="Done").click()
    talking.ask(visit, "Hello\nsandbox: pace_ms=0")

    assert "words: 4" in talking.answer_text(page)
    expect(page.locator(".conversation-title .badge")).to_have_text("With instructions")
    sheet = talking.open_options(page)
    expect(sheet.get_by_label("Instructions")).to_have_value("Answer in one line.")


def test_a_strangers_conversation_is_not_there(
    window: Window, new_member: Callable[[], Member]
) -> None:
    mine = window.open(new_member())
    talking.new_conversation(mine)
    talking.ask(mine, f"Mine\n{QUICK}")
    stranger = window.open(new_member(), expects=[404])

    stranger.go(mine.path)

    expect(stranger.page.locator("main")).to_contain_text("does not exist")
    stranger.look()
