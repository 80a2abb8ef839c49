"""Logging in while something asks: a banner about tracers, and a policy that says more.

Whatever is decided on the way, and in which order, leads to where somebody wanted to go.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from bluegpt.accounts.models import Person
from tests.ops.conftest import PASSWORD, Installation
from tests.web.conftest import EMAIL
from tests.web.overlays import AUDIENCE, laid_over

WANTED = "/account/privacy"
LOG_IN = f"/account/login/?next={WANTED}"


@pytest.fixture
def asking(tmp_path: Path, db: None, plain_static_files: None) -> Iterator[None]:
    with laid_over(tmp_path, AUDIENCE):
        yield


def led_back_to(page: str) -> set[str]:
    """Where the forms that are on every page go when they are done."""
    return {part.split('"')[0] for part in page.split('name="next" value="')[1:]}


def test_a_wrong_password_does_not_make_the_banner_forget_where_one_wanted_to_go(
    client: Client, asking: None, person: Person
) -> None:
    wrong = {"login": EMAIL, "password": "nonsense", "next": WANTED}

    shown = client.post("/account/login/", wrong, headers={"Referer": f"http://testserver{LOG_IN}"})

    assert "tracer-banner-heading" in shown.content.decode()
    assert led_back_to(shown.content.decode()) == {
        WANTED,
        "/account/login/?next=%2Faccount%2Fprivacy",
    }


@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        ("http://testserver/account/api-keys?page=2", "/account/api-keys?page=2"),
        ("https://elsewhere.example/account/api-keys", "/"),
        ("", "/"),
    ],
)
def test_the_answer_to_a_form_leads_back_to_the_page_of_the_form(
    client: Client, asking: None, person: Person, referer: str, leads_to: str
) -> None:
    client.force_login(person)

    shown = client.post("/account/password/change/", {}, headers={"Referer": referer})

    assert led_back_to(shown.content.decode()) == {leads_to}


@pytest.fixture(scope="module")
def changed_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that has had people for a while when its operator declares a tracer that asks."""
    installation = Installation(tmp_path_factory.mktemp("changed") / "data")
    with installation.serving() as server:
        server.ready()
    installation.with_person(EMAIL)
    (installation.data_dir / "privacy.toml").write_text(AUDIENCE, encoding="utf-8")
    with installation.serving() as server:
        yield server.url


@pytest.mark.parametrize("has_scripts", [True, False])
@pytest.mark.parametrize("width", [320, 1_280])
def test_the_form_is_not_covered_and_each_page_on_the_way_leads_on(
    chromium: Browser, changed_site: str, has_scripts: bool, width: int
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, locale="en-GB", java_script_enabled=has_scripts
    )
    page = context.new_page()
    page.goto(f"{changed_site}/conversations")
    assert _is_above(page, ".tracer-banner", "main")

    # when the password is wrong at first, and then the banner is answered
    _log_in(page, "nonsense")
    assert page.locator(".tracer-banner").count() == 1
    page.get_by_role("button", name="Refuse all").click()
    assert page.locator(".tracer-banner").count() == 0
    assert page.url == f"{changed_site}/account/login/?next=%2Fconversations"

    # then the log-in leads to what is new, and from there to where one wanted to go
    _log_in(page, PASSWORD)
    page.wait_for_url(f"{changed_site}/privacy/new?next=%2Fconversations")
    page.get_by_role("button", name="Ask me at my next visit").click()
    page.wait_for_url(f"{changed_site}/conversations")
    page.goto(f"{changed_site}/conversations")
    assert page.url == f"{changed_site}/conversations"
    context.close()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_whoever_leaves_the_banner_alone_logs_in_and_answers_it_on_what_is_new(
    chromium: Browser, changed_site: str, has_scripts: bool
) -> None:
    context = chromium.new_context(locale="en-GB", java_script_enabled=has_scripts)
    page = context.new_page()
    page.goto(f"{changed_site}/privacy/new")  # nobody is logged in yet
    _log_in(page, PASSWORD)
    page.wait_for_url(f"{changed_site}/privacy/new")

    page.get_by_role("button", name="Accept all").click()
    assert page.url == f"{changed_site}/privacy/new"
    assert page.locator(".tracer-banner").count() == 0
    page.get_by_role("button", name="Ask me at my next visit").click()
    page.wait_for_url(f"{changed_site}/conversations")
    context.close()


def _log_in(page: Page, password: str) -> None:
    page.fill("input[name=login]", EMAIL)
    page.fill("input[name=password]", password)
    page.click("main button[data-kind=primary]")


def _is_above(page: Page, upper: str, lower: str) -> bool:
    """Whether one part of the page ends before the other begins."""
    first, second = (page.locator(each).bounding_box() for each in (upper, lower))
    assert first is not None
    assert second is not None
    return first["y"] + first["height"] <= second["y"] + 1
