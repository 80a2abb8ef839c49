"""A person's browser: it notes what goes wrong on a page, and looks at the page as axe does."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Response,
)

from tests.end_to_end.installation import Installation
from tests.end_to_end.people import Member

WIDE, NARROW = 1280, 320
# Only the last such list counts, so what Playwright turns off for tests stands here again. The
# second half are pages of Chromium's own window, which would be loaded, unseen, for each profile.
_FEATURES_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "PreloadTopChromeWebUI",
    "PreloadTopChromeWebUILessNavigations",
    "InitialWebUI",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIReloadButton",
)
CHROMIUM_ARGUMENTS = (
    f"--disable-features={','.join(_FEATURES_OFF)}",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
)
AXE = Path(__file__).resolve().parents[1] / "web" / "vendor" / "axe.min.js"
_RUN_AXE = """rules => axe.run(document, rules.length
    ? {runOnly: {type: 'rule', values: rules}, resultTypes: ['violations']}
    : {resultTypes: ['violations']}
  ).then(found => found.violations
    .filter(v => ['serious', 'critical'].includes(v.impact))
    .flatMap(v => v.nodes.map(
      n => `${v.id}: ${n.target.join(' ')}: ${n.html.slice(0, 120)}: ${n.failureSummary}`)))"""
# Colours fade into each other, level by level where they are inherited: what is measured half-way
# is nobody's choice. Three frames without a change, but not for ever.
_SETTLED = """async () => {
  const changes = () => document.getAnimations()
    .some(a => a.playState === 'running' && a.effect?.getComputedTiming().endTime !== Infinity)
  for (let quiet = 0, frames = 0; quiet < 3 && frames < 120; frames++) {
    await new Promise(requestAnimationFrame)
    quiet = changes() ? 0 : quiet + 1
  }
}"""
_OVERFLOW = """() => {
  const most = window.innerWidth
  if (document.documentElement.scrollWidth <= most) return []
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > most + 1)
    .slice(0, 5)
    .map(e => e.tagName + '.' + e.className + ' ends at ' + e.getBoundingClientRect().right)
    .concat(['the page is ' + document.documentElement.scrollWidth + ' wide'])
}"""
# What the browser itself writes about an answer with an error status that a test asked for.
_STYLE_REFUSED = "Applying inline style violates"
_FAILED_LOAD = "Failed to load resource: the server responded with a status of "


@dataclass
class Visit:
    """One browser window of a person (or of a stranger), and what went wrong in it."""

    site: Installation
    context: BrowserContext
    page: Page
    expected_statuses: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(f"{self.base}{path}")

    @property
    def base(self) -> str:
        return self.site.address

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def look(self) -> None:
        """The page as it stands: in both themes no serious fault, and nothing sticks out."""
        self.page.wait_for_load_state("load")
        # axe tries inline styles, which our policy refuses: those lines are not the page's.
        before = len(self.wrong)
        faults = self._faults()
        self.wrong[before:] = [line for line in self.wrong[before:] if _STYLE_REFUSED not in line]
        assert not faults, f"{self.page.url}\n" + "\n".join(faults)

    def _faults(self) -> list[str]:
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        self.page.evaluate(_SETTLED)
        faults = [f"light: {fault}" for fault in self.page.evaluate(_RUN_AXE, [])]
        self.page.emulate_media(color_scheme="dark")
        self.page.evaluate(_SETTLED)
        faults += [f"dark: {fault}" for fault in self.page.evaluate(_RUN_AXE, ["color-contrast"])]
        self.page.emulate_media(color_scheme="light")
        self.page.evaluate(_SETTLED)
        return faults + list(self.page.evaluate(_OVERFLOW))

    def stored_texts(self, role: str) -> list[str]:
        """What the server has of the questions or answers on this page, before any drawing."""
        html = self.context.request.get(self.page.url).text()
        found: list[str] = self.page.evaluate(
            """([html, role]) => [...new DOMParser().parseFromString(html, 'text/html')
                 .querySelectorAll(`[data-turn=${role}]`)].map(e => e.textContent)""",
            [html, role],
        )
        return found

    def watch(self, page: Page) -> None:
        """Note errors of a page."""
        page.on("console", self._note_console)
        page.on("pageerror", self._note_error)
        page.on("response", self._note_response)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        if message.text.startswith(_FAILED_LOAD):
            status = int(message.text.removeprefix(_FAILED_LOAD).split()[0])
            if status in self.expected_statuses:
                return
        self.wrong.append(f"{self.page.url}: console: {message.text} ({message.location})")

    def _note_error(self, error: Error) -> None:
        self.wrong.append(f"{self.page.url}: {error}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected_statuses:
            self.wrong.append(f"{response.request.method} {response.url}: {response.status}")


class Window:
    """Opens visits, and at the end asks each whether anything went wrong."""

    def __init__(self, browser: Browser, site: Installation) -> None:
        self._browser = browser
        self._site = site
        self._visits: list[Visit] = []

    def open(
        self,
        member: Member | None = None,
        *,
        device: int = 0,
        width: int = WIDE,
        expects: Iterable[int] = (),
        **options: Any,
    ) -> Visit:
        """A fresh browser profile, logged in as a member when one is given."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
            **{"locale": "en-GB", "color_scheme": "light"} | options,
        )
        context.set_default_timeout(15_000)
        if member is not None:
            session = member.sessions[device]
            for address in (self._site.address, self._site.named_address):
                context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        visit = Visit(self._site, context, page, set(expects))
        visit.watch(page)
        self._visits.append(visit)
        return visit

    def close(self) -> list[str]:
        """Close everything; what went wrong anywhere."""
        wrong = []
        for visit in self._visits:
            visit.context.close()
            wrong += visit.wrong
        return wrong


def launch(playwright: Playwright, executable: str) -> Browser:
    """Debian's Chromium, headless, that talks to nobody but us."""
    return playwright.chromium.launch(
        executable_path=executable, args=list(CHROMIUM_ARGUMENTS), timeout=60_000
    )
