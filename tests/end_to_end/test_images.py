"""The image studio in a browser: wishes, unfinished pictures, masks, refusals."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.end_to_end import drawing
from tests.end_to_end.browsing import NARROW, WIDE, Window
from tests.end_to_end.drawing import QUICK, SLOW
from tests.end_to_end.people import Member

pytestmark = pytest.mark.browser


def _paints_there(page: Page, *, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A stroke of the pointer over the picture, in parts of its box."""
    box = page.locator(".mask-canvas").bounding_box()
    assert box
    scale = min(box["width"] / drawing.WIDTH, box["height"] / drawing.HEIGHT)
    left = box["x"] + (box["width"] - drawing.WIDTH * scale) / 2
    top = box["y"] + (box["height"] - drawing.HEIGHT * scale) / 2

    def at(part: tuple[float, float]) -> tuple[float, float]:
        return left + part[0] * drawing.WIDTH * scale, top + part[1] * drawing.HEIGHT * scale

    page.mouse.move(*at(start))
    page.mouse.down()
    page.mouse.move(*at(end), steps=6)
    page.mouse.up()


def test_pictures_appear_unfinished_then_whole_with_their_price(
    window: Window, member: Member
) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    page.locator("input[name=number][value='2']").check(force=True)
    page.get_by_label("Describe the image").fill(f"A lighthouse\n{SLOW}")
    expect(page.locator("#composer-quote")).to_contain_text(re.compile(r"At most .* in all"))

    page.get_by_role("button", name="Create").click()
    card = page.locator(".creation")
    expect(card).to_have_attribute("aria-busy", "true")
    expect(card.locator(".tile-blank img").first).to_be_visible()
    expect(card.locator("[data-elapsed]")).to_have_text(re.compile(r"\d:\d\d"))

    expect(card.locator(".cost")).to_contain_text("credits")
    expect(card.locator(".tile-link img")).to_have_count(2)
    expect(card.get_by_role("img").first).to_have_attribute("alt", re.compile("A lighthouse"))
    expect(page.locator("#balance")).not_to_contain_text("100.00")
    page.reload()
    expect(page.locator(".creation .tile-link img")).to_have_count(2)


def test_whoever_leaves_in_the_middle_finds_it_again(window: Window, member: Member) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    drawing.wish(page, f"A slow harbour\n{SLOW}")
    expect(page.locator(".creation")).to_have_attribute("aria-busy", "true")

    page.reload()

    expect(page.locator(".creation")).to_have_attribute("aria-busy", "true")
    expect(page.locator(".creation .tile-blank img")).to_be_visible()
    expect(page.locator(".creation .cost")).to_be_visible()
    expect(page.locator(".creation .tile-link img")).to_have_count(1)


def test_a_stop_ends_it_and_costs_nothing(window: Window, member: Member) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    drawing.wish(page, "Nothing in the end\nsandbox: first_ms=20000")
    page.locator(".creation").get_by_role("button", name="Stop").click()

    expect(page.locator(".creation .badge")).to_have_text("Stopped")
    expect(page.locator(".creation .cost")).to_have_text("Nothing was charged")
    expect(page.locator("#balance")).to_contain_text("100.00")


def test_a_refusal_is_shown_as_one_with_what_it_cost(window: Window, member: Member) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    drawing.wish(page, "Something dreadful\nsandbox: refuse=filter")

    notice = page.locator(".creation .notice")
    expect(notice).to_have_attribute("data-code", "prompt_refused")
    expect(notice).to_contain_text("safety system")
    expect(page.locator(".creation .cost")).to_have_text("Nothing was charged")
    visit.look()
    page.locator(".creation").get_by_role("link", name="Delete").click()
    visit.look()
    page.locator("#sheet").get_by_role("button", name="Delete").click()
    expect(page.locator(".creation")).to_have_count(0)
    expect(page.locator("#sheet")).to_be_hidden()


def test_only_what_the_brush_has_marked_changes(window: Window, member: Member) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    drawing.attach(page).locator("[data-act=mask]").click()
    editor = page.locator("#mask-editor")
    expect(editor.locator("#mask-said")).to_have_text("Nothing is marked yet.")

    _paints_there(page, start=(0.1, 0.2), end=(0.3, 0.2))
    expect(editor.locator("#mask-said")).to_contain_text("% of the image is marked")
    _paints_there(page, start=(0.1, 0.8), end=(0.9, 0.8))
    editor.get_by_role("button", name="Undo").click()
    visit.look()
    editor.get_by_role("button", name="Use this mask").click()
    expect(page.locator(".reference-mask")).to_be_visible()
    card = drawing.make(page, "A cloud there")

    made = drawing.picture_of(visit, card.locator(".tile"))
    given = _fitted(drawing.WIDTH, drawing.HEIGHT, made.size)
    assert not _is_like(made.getpixel(given(0.2, 0.2)), drawing.BLUE)
    for kept in ((0.6, 0.1), (0.5, 0.8), (0.2, 0.6)):  # the undone stroke, too
        assert _is_like(made.getpixel(given(*kept)), drawing.BLUE)
    assert _is_like(made.getpixel(given(0.72, 0.5)), drawing.YELLOW)


def _fitted(
    width: int, height: int, made: tuple[int, int]
) -> Callable[[float, float], tuple[int, int]]:
    """Where a part of the given picture lies in the made one, which is cut to fill its shape."""
    scale = max(made[0] / width, made[1] / height)

    def at(x: float, y: float) -> tuple[int, int]:
        left, top = (width * scale - made[0]) / 2, (height * scale - made[1]) / 2
        return round(x * width * scale - left), round(y * height * scale - top)

    return at


def _is_like(one: Any, other: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 24 for a, b in zip(one, other, strict=True))


def test_a_mask_needs_no_pointer(window: Window, member: Member) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    drawing.attach(page).locator("[data-act=mask]").press("Enter")
    editor = page.locator("#mask-editor")
    said = editor.locator("#mask-said")
    expect(said).to_have_text("Nothing is marked yet.")

    editor.locator(".mask-keys summary").press("Enter")
    editor.get_by_label("From the left").fill("0")
    editor.get_by_label("From the top").fill("0")
    editor.get_by_role("button", name="Mark the rectangle").press("Enter")
    expect(said).to_have_text("25% of the image is marked.")
    editor.get_by_role("button", name="Invert").press("Enter")
    expect(said).to_have_text("75% of the image is marked.")
    editor.get_by_role("button", name="Clear").press("Enter")
    expect(said).to_have_text("Nothing is marked yet.")
    editor.get_by_role("button", name="Change everything").press("Enter")
    expect(said).to_have_text("100% of the image is marked.")
    page.keyboard.press("Escape")

    expect(editor).to_be_hidden()
    expect(page.locator(".reference-mask")).to_be_hidden()


def test_an_eraser_takes_marks_away(window: Window, member: Member) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    drawing.attach(page).locator("[data-act=mask]").click()
    editor = page.locator("#mask-editor")
    expect(editor.locator("#mask-said")).to_have_text("Nothing is marked yet.")
    editor.locator("#mask-size").fill("30")
    _paints_there(page, start=(0.5, 0.5), end=(0.5, 0.5))
    editor.get_by_role("button", name="Eraser").click()

    _paints_there(page, start=(0.5, 0.5), end=(0.5, 0.5))

    expect(editor.locator("#mask-said")).to_have_text(re.compile(r"Nothing|^0(\.\d)?%"))


def test_a_picture_is_pasted_and_taken_away_again(window: Window, member: Member) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    page.wait_for_load_state("networkidle")  # until the page listens to what is pasted
    page.evaluate(
        """bytes => {
          const held = new DataTransfer()
          held.items.add(new File([new Uint8Array(bytes)], 'sea.png', {type: 'image/png'}))
          document.getElementById('composer-text').dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: held, bubbles: true, cancelable: true}))
        }""",
        list(drawing.sea()),
    )
    expect(page.locator(".reference")).to_have_count(1)

    page.locator(".reference [data-act=remove]").click()

    expect(page.locator(".reference")).to_have_count(0)


def test_a_wish_waits_for_a_picture_that_is_still_on_its_way(
    window: Window, member: Member
) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    page.wait_for_load_state("networkidle")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/inputs", hold)
    payload = FilePayload(name="sea.png", mimeType="image/png", buffer=drawing.sea())
    page.locator("input[type=file][name=files]").set_input_files([payload])
    expect(page.locator("#references[data-state=busy]")).to_be_attached()

    with page.expect_request(lambda asked: asked.url.endswith("/images/creations")) as sent:
        drawing.wish(page, f"A cloud there\n{QUICK}")
        held[0].continue_()

    assert 'name="input"' in (sent.value.post_data or "")


def test_another_model_brings_its_own_settings_and_keeps_what_fits(
    window: Window, member: Member
) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    page.locator("input[name=number][value='3']").check(force=True)
    expect(page.locator("[name=seed]")).to_be_attached()

    page.locator(".composer .model-button").click()
    page.locator(".model-row", has_text="Sandbox Sketcher").click()

    expect(page.locator("[name=seed]")).not_to_be_attached()
    expect(page.locator("input[name=number][value='3']")).to_be_checked()
    expect(page.locator("#model-name")).to_have_text("Sandbox Sketcher")


def test_an_earlier_wish_is_changed_varied_and_made_again(window: Window, member: Member) -> None:
    visit = window.open(member)
    page = drawing.open_studio(visit)
    card = drawing.make(page, "A red boat")

    card.get_by_role("button", name="Once more").click()
    expect(page.locator(".creation .cost")).to_have_count(2)
    page.locator(".tile-link").first.click()
    page.get_by_role("link", name="Variations").click()

    expect(page.get_by_label("Describe the image")).to_have_value(re.compile("A red boat"))
    expect(page.locator(".reference")).to_have_count(1)
    page.locator(".creation").first.get_by_role("link", name="Change").click()
    expect(page.locator(".reference")).to_have_count(0)
    expect(page.locator("input[name=size][value='512x512']")).to_be_checked()


def test_without_scripts_the_page_comes_back_with_the_pictures(
    window: Window, member: Member
) -> None:
    visit = window.open(member, java_script_enabled=False)
    page = visit.page
    visit.go("/images")
    page.get_by_label("Model", exact=True).select_option("sandbox/painter")
    page.get_by_role("button", name="Use this model").click()
    page.locator("input[name=quality][value=low]").check(force=True)
    drawing.wish(page, f"A plain house\n{QUICK}")

    expect(page).to_have_url(re.compile("/images#creation-"))
    expect(page.locator(".creation .tile-link img")).to_have_count(1)
    expect(page.locator(".creation .cost")).to_contain_text("credits")
    page.locator(".tile-link").click()
    expect(page.locator(".viewing-prompt")).to_contain_text("A plain house")
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".tile")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_studio_is_sound(window: Window, member: Member, width: int, locale: str) -> None:
    visit = window.open(member, width=width, locale=locale)
    page = drawing.open_studio(visit)
    visit.look()
    drawing.attach(page)
    page.locator(".draw-more summary").click()
    page.locator("#composer-text").fill(f"A quay\n{QUICK}")
    page.locator("#create").click()
    expect(page.locator(".creation .cost")).to_be_visible()
    visit.look()
    page.locator(".reference-brush").click()
    page.locator(".mask-keys summary").click()
    visit.look()
    page.keyboard.press("Escape")
    page.locator(".model-button").click()
    page.locator(".model-row").first.wait_for()
    visit.look()
