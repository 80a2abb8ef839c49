"""A real installation behind a real browser, and quick pages for what needs neither."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, StorageState
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from tests.furnished import furnish
from tests.ops.conftest import PASSWORD, Installation, Server

EMAIL = "ada@example.org"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
QUICK = "\nsandbox: pace_ms=0 first_ms=0"


@pytest.fixture
def plain_static_files(settings: Settings) -> None:
    """Pages name their static files though nobody has collected any."""
    settings.STATIC_ROOT.mkdir(exist_ok=True, parents=True)
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def person(db: None) -> Person:
    return people.create_person(email=EMAIL, password=PASSWORD)


@pytest.fixture
def visitor(client: Client, plain_static_files: None) -> Client:
    """A browser in which nobody is logged in."""
    return client


@pytest.fixture
def browser_of(visitor: Client, person: Person) -> Client:
    """A browser in which the person is logged in."""
    visitor.force_login(person)
    return visitor


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own process with one person, shared by every test in a browser."""
    installation = Installation(furnish(tmp_path_factory.mktemp("site") / "data"))
    installation.with_person(EMAIL)
    granted = installation.run("credits", "grant", EMAIL, "500", "--reason", "tests")
    assert granted.code == 0, granted.err
    with installation.serving() as server:
        yield server


@dataclass(frozen=True, slots=True)
class Visit:
    """A page of the site in a browser, and everything that went wrong on it."""

    page: Page
    url: str
    complaints: list[str]

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def ask(self, text: str) -> None:
        """Send a message and wait for its end."""
        before = self.page.locator(".cost").count()
        self.page.fill("#composer-text", f"{text}{QUICK}")
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(
            "n => document.querySelectorAll('.cost').length > n", arg=before, timeout=20_000
        )

    def serious_findings(self) -> list[str]:
        """What axe calls serious or critical. The CSP allows no script tag, so it is evaluated."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("axe.run({resultTypes: ['violations']})")
        return [
            f"{each['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
            for each in found["violations"]
            if each["impact"] in {"serious", "critical"}
            for node in each["nodes"]
        ]


NewVisit = Callable[..., Visit]


@pytest.fixture(scope="module")
def logged_in(chromium: Browser, site: Server) -> StorageState:
    """The cookies of somebody who has logged in, once for all windows of a module."""
    context = chromium.new_context(locale="en-GB")
    _log_in(context, site.url)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def new_visit(
    chromium: Browser, site: Server, request: pytest.FixtureRequest
) -> Iterator[NewVisit]:
    """A browser window: logged in or not, of any width, with or without scripts."""
    contexts: list[BrowserContext] = []

    def make(*, width: int = 1_280, is_logged_in: bool = True, **options: Any) -> Visit:
        sized: dict[str, Any] = {"viewport": {"width": width, "height": 800}, "locale": "en-GB"}
        if is_logged_in:
            sized["storage_state"] = request.getfixturevalue("logged_in")
        context = chromium.new_context(**{**sized, **options})
        contexts.append(context)
        page = context.new_page()
        visit = Visit(page, site.url, [])
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("console", lambda message: _note(visit, message))
        return visit

    yield make
    for context in contexts:
        context.close()


def _note(visit: Visit, message: Any) -> None:
    if message.type == "error":
        visit.complaints.append(message.text)


def _log_in(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.goto(f"{url}/account/login/")
    page.fill("input[name=login]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[data-kind=primary]")
    page.wait_for_url("**/conversations")
    page.close()


@pytest.fixture
def visit(new_visit: NewVisit) -> Visit:
    return new_visit()
