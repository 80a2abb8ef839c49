"""The video studio in a browser: a film is asked for, left alone, found again, played, deleted."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.browsing import NARROW, WIDE, Visit, Window
from tests.end_to_end.people import Member

pytestmark = pytest.mark.browser

SMALL = "640x360"
# A film is encoded by the sandbox, looked at by the worker, and decoded once more as it is kept.
MADE_MS = 60_000


_PLAYED = """async v => {
  v.muted = true
  await v.play()
  while (v.currentTime < 0.3) await new Promise(requestAnimationFrame)
  v.pause()
  return v.currentTime
}"""
_SOUGHT = """async v => {
  const sought = new Promise(done => v.addEventListener('seeked', done, {once: true}))
  v.currentTime = 3
  await sought
  return v.readyState >= 2 ? v.currentTime : 0
}"""


def _ask(visit: Visit, words: str, *, switches: str = "job_ms=0") -> None:
    visit.go("/videos?model=sandbox/projector")
    page = visit.page
    page.get_by_label("Describe the video").fill(f"{words}\nsandbox: {switches}")
    page.locator(f"input[name=size][value='{SMALL}']").check(force=True)
    expect(page.locator("#composer-quote")).to_contain_text("credits in all")
    page.get_by_role("button", name="Create").click()


def _is_playing(page: Page) -> None:
    """Playing moves the film on; a place far ahead is fetched as a stretch of it."""
    video = page.locator("video")
    assert video.evaluate(_PLAYED) > 0.2
    assert video.evaluate(_SOUGHT) >= 3
    assert video.evaluate("v => [v.videoWidth, v.videoHeight]") == [640, 360]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_film_goes_on_without_its_page_and_is_played_and_deleted(
    window: Window, member: Member, width: int
) -> None:
    visit = window.open(member, width=width)
    _ask(visit, "A lighthouse at dusk", switches="job_ms=2000")
    expect(visit.page.locator(".film")).to_contain_text("A lighthouse at dusk")
    visit.look()
    visit.page.close()

    visit.page = visit.context.new_page()
    visit.watch(visit.page)
    visit.go("/videos")
    page = visit.page
    expect(page.locator("video")).to_be_visible(timeout=MADE_MS)
    expect(page.locator(".film .creation-facts")).to_contain_text("4 s · 640 × 360 · with sound")
    expect(page.locator(".film .cost")).to_contain_text("4.8 credits")
    _is_playing(page)
    visit.look()
    page.locator(".film .creation-prompt a").click()
    expect(page).to_have_url(re.compile(r"/videos/[0-9a-f-]{36}$"))
    visit.look()

    page.locator(".film").get_by_role("link", name="Delete").click()
    page.locator("#sheet").get_by_role("button", name="Delete").click()
    expect(page.locator(".film")).to_have_count(0)


def test_a_refused_film_says_so_and_gives_the_credits_back(window: Window, member: Member) -> None:
    visit = window.open(member)
    _ask(visit, "Something unwanted", switches="job_ms=0 film=rejected")

    card = visit.page.locator(".film")
    expect(card).to_contain_text("safety system refused", timeout=MADE_MS)
    expect(card).to_contain_text("Nothing was charged")
    visit.look()
    card.get_by_role("button", name="Remove").click()
    expect(card).to_have_count(0)


def test_a_film_that_takes_long_is_stopped(window: Window, member: Member) -> None:
    visit = window.open(member)
    _ask(visit, "A glacier", switches="film=stuck")

    card = visit.page.locator(".film")
    expect(card).to_contain_text("Being made", timeout=MADE_MS)
    card.get_by_role("button", name="Stop").click()
    expect(card.locator(".badge")).to_have_text("Stopped", timeout=MADE_MS)
    expect(card).to_contain_text("Nothing was charged")


def test_without_scripts_a_reload_shows_how_far_it_is(window: Window, member: Member) -> None:
    visit = window.open(member, java_script_enabled=False)
    visit.go("/videos?model=sandbox/projector")
    page = visit.page
    page.get_by_label("Describe the video").fill("A quiet sea\nsandbox: job_ms=0")
    page.locator(f"input[name=size][value='{SMALL}']").check(force=True)
    page.get_by_role("button", name="Create").click()

    card = page.locator(".film")
    expect(card).to_contain_text("A quiet sea")
    for _reload in range(60):
        if page.locator("video").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("video")).to_have_attribute("src", re.compile("^/assets/"))
