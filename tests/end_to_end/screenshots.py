"""Pictures of every page, to look at: `python -m tests.end_to_end.screenshots DIR`.

Each page four times: light, dark, 320 pixels wide, and in French.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload, expect, sync_playwright

from tests.end_to_end import files, people, talking
from tests.end_to_end.browsing import NARROW, WIDE, Visit, Window, launch
from tests.end_to_end.installation import Installation
from tests.end_to_end.people import PASSWORD, Member

LOOKS: Mapping[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "narrow": {"width": NARROW},
    "french": {"locale": "fr-FR"},
}
_AT_A_DESK: dict[str, Any] = {"width": WIDE}
FOR_VISITORS = {
    "home": "/",
    "log-in": "/account/login/",
    "sign-up": "/account/signup/",
    "reset": "/account/password/reset/",
    "made-here": "/made-here",
    "not-found": "/no-such-page",
    "style-guide": "/style-guide",
}
FOR_PEOPLE = {
    "videos": "/videos",
    "new": "/conversations",
    "temporary": "/conversations/temporary",
    "all": "/conversations/all",
    "archive": "/conversations/archived",
    "search": "/search?words=sandbox",
    "images": "/images",
    "gallery": "/gallery",
    "models": "/models",
    "credits": "/credits",
    "statement": "/credits/statement",
    "limits": "/credits/limits",
    "questions": "/credits/questions",
    "account": "/account",
    "keys": "/account/keys",
    "sessions": "/account/sessions/",
    "closure": "/account/closure",
    "address": "/account/email/",
    "password": "/account/password/change/",
    "two-step": "/account/2fa/",
    "passkeys": "/account/2fa/webauthn/",
}
_SAID = (
    "# A heading\\n\\nSome **bold** words, `code`, and a formula $a^2+b^2=c^2$.\\n\\n"
    "```python\\ndef whale(n: int) -> str:\\n    return 'blue' * n\\n```\\n\\n"
    "| Sea | Depth |\\n|---|---:|\\n| North | 95 m |\\n| Baltic | 55 m |\\n"
)


def main(folder: Path) -> None:
    """Start an installation, walk through it in each look, and leave nothing but pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    executable = shutil.which("chromium")
    if executable is None:
        sys.exit("Chromium is not installed.")
    with tempfile.TemporaryDirectory() as work:
        site = Installation(Path(work) / "data", Path(work) / "server.log")
        site.start()
        try:
            members = people.read(site.run("tests.end_to_end.people", str(len(LOOKS))))
            with sync_playwright() as playwright:
                window = Window(launch(playwright, executable), site)
                for (look, options), member in zip(LOOKS.items(), members, strict=True):
                    _walk(window, member, look, options, folder)
                window.close()
        finally:
            site.stop()


def _walk(window: Window, member: Member, look: str, options: dict[str, Any], folder: Path) -> None:
    def shoot(visit: Visit, name: str, *, full: bool = True) -> None:
        visit.page.wait_for_timeout(300)
        visit.page.screenshot(path=folder / f"{name}.{look}.png", full_page=full)

    stranger = window.open(**_AT_A_DESK | options)
    for name, path in FOR_VISITORS.items():
        stranger.go(path)
        shoot(stranger, name)
    visit = window.open(member, **_AT_A_DESK | options)
    _conversations(visit, shoot)
    for name, path in FOR_PEOPLE.items():
        visit.go(path)
        shoot(visit, name)
    visit.go("/account/2fa/totp/activate/")
    shoot(visit, "confirm-it-is-you")
    visit.page.locator("input[type=password]").fill(PASSWORD)
    visit.page.locator("main form button").first.click()
    shoot(visit, "authenticator")
    visit.go("/account/2fa/webauthn/add/")
    shoot(visit, "passkey")


def _conversations(visit: Visit, shoot: Callable[..., None]) -> None:
    page = visit.page
    box = page.locator("#composer-text")

    def ask(text: str) -> None:
        box.fill(text)
        answers = page.locator(".answer").count()
        page.locator("#composer-action button").click()
        expect(page.locator(".answer")).to_have_count(answers + 1)

    talking.new_conversation(visit, model="sandbox/thinker")
    payload = FilePayload(name="sea.png", mimeType="image/png", buffer=files.picture())
    page.locator("input[type=file]").set_input_files([payload])
    box.fill("What is in this picture?")
    page.wait_for_timeout(600)
    shoot(visit, "draft", full=False)
    ask("What is in this picture?\nsandbox: pace_ms=1")
    talking.wait_done(page)
    ask(f'Show me all that you can\nsandbox: pace_ms=0 text="{_SAID}"')
    talking.wait_done(page)
    shoot(visit, "answer")
    ask("Once more\nsandbox: pace_ms=8 tokens=2000")
    talking.wait_growing(page)
    shoot(visit, "live", full=False)
    page.keyboard.press("Escape")
    talking.wait_done(page)
    shoot(visit, "stopped", full=False)
    ask("Fail, please\nsandbox: error=500")
    expect(talking.last_answer(page).locator(".notice")).to_be_visible()
    shoot(visit, "failed", full=False)
    _dialogs(visit, shoot)


def _dialogs(visit: Visit, shoot: Callable[..., None]) -> None:
    page = visit.page
    page.locator(".composer .model-button").click()
    page.locator(".model-row").first.wait_for()
    shoot(visit, "model-picker", full=False)
    page.keyboard.press("Escape")
    talking.open_menu(page)
    shoot(visit, "menu", full=False)
    page.keyboard.press("Escape")
    page.locator(".conversation-title-link").click()
    page.locator("#options-title").wait_for()
    shoot(visit, "options", full=False)
    page.keyboard.press("Escape")
    opener = page.locator(".topbar-menu")
    if opener.is_visible():
        opener.click()
        shoot(visit, "sidebar", full=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
