"""The choice about tracers: asked only where one is due, refused as easily as accepted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Browser, Page

from bluegpt.privacy.models import Consent, ConsentScreen
from bluegpt.privacy.queries import consents
from tests.furnished import furnish
from tests.ops.conftest import Installation
from tests.web.conftest import AXE
from tests.web.overlays import AUDIENCE, laid_over

TRACERS = "/privacy/tracers"
BANNER = "tracer-banner-heading"


@pytest.fixture
def asking(tmp_path: Path, db: None, plain_static_files: None) -> Iterator[None]:
    with laid_over(tmp_path, AUDIENCE):
        yield


def shows_banner(client: Client, path: str = "/models", **headers: str) -> bool:
    return BANNER in client.get(path, headers=headers).content.decode()


def test_where_nothing_needs_an_agreement_nobody_is_asked(visitor: Client, db: None) -> None:
    assert not shows_banner(visitor)
    assert "nothing to decide" in visitor.get(TRACERS).content.decode()
    visitor.post(TRACERS, {"answer": "accept"})
    assert not Consent.objects.exists()
    assert "tracers" not in visitor.cookies


def test_looking_at_pages_agrees_to_nothing(client: Client, asking: None) -> None:
    for path in ("/", "/models", TRACERS, "/account/login/"):
        assert shows_banner(client, path)

    assert not Consent.objects.exists()
    assert "tracers" not in client.cookies


@pytest.mark.parametrize("answer", ["accept", "refuse"])
def test_one_press_decides_either_way_and_nobody_asks_again_for_six_months(
    client: Client, asking: None, answer: str
) -> None:
    with time_machine.travel(datetime(2026, 11, 28, 12, tzinfo=UTC), tick=False):
        client.post(TRACERS, {"answer": answer, "method": "banner", "next": "/models"})

        assert not shows_banner(client)
    row = Consent.objects.get()
    assert row.action == {"accept": "given", "refuse": "refused"}[answer]
    assert (row.method, row.purpose, row.person_id) == ("banner", "audience", None)
    kept = ConsentScreen.objects.get(sha256=row.screen_sha256)
    assert "Counting visits (Performance)" in kept.text
    with time_machine.travel(datetime(2027, 5, 28, 11, 59, tzinfo=UTC), tick=False):
        assert not shows_banner(client)
    with time_machine.travel(datetime(2027, 5, 28, 12, 1, tzinfo=UTC), tick=False):
        assert shows_banner(client)


def test_whoever_only_closes_has_refused(client: Client, asking: None) -> None:
    page = client.get("/models").content.decode()

    assert 'value="refuse" data-kind="quiet"' in page
    client.post(TRACERS, {"method": "banner"})

    assert Consent.objects.get().action == "refused"


def test_the_browsers_signal_is_a_refusal_without_a_question(client: Client, asking: None) -> None:
    assert not shows_banner(client, **{"Sec-GPC": "1"})

    row = Consent.objects.get()
    assert (row.action, row.method) == ("refused", "gpc")
    assert not shows_banner(client)
    assert Consent.objects.count() == 1


def test_a_forged_memory_is_no_agreement(client: Client, asking: None) -> None:
    client.cookies["tracers"] = "eyJhZ3JlZWQiOlsiYXVkaWVuY2UiXX0:1tB:forged"

    assert shows_banner(client)


def test_the_end_of_the_chain_is_public(client: Client, asking: None) -> None:
    client.post(TRACERS, {"answer": "refuse"})

    [head] = client.get("/privacy/consents/heads").json()["heads"]

    assert head["digest"] == consents.chain_state().head


@pytest.fixture(scope="module")
def asking_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose operator has declared a tracer that needs an agreement."""
    installation = Installation(furnish(tmp_path_factory.mktemp("asking") / "data"))
    (installation.data_dir / "privacy.toml").write_text(AUDIENCE, encoding="utf-8")
    with installation.serving() as server:
        yield server.url


@pytest.mark.parametrize("has_scripts", [True, False])
@pytest.mark.parametrize("width", [320, 1_280])
def test_refusing_is_as_easy_as_accepting_in_a_browser(
    chromium: Browser, asking_site: str, has_scripts: bool, width: int
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, locale="en-GB", java_script_enabled=has_scripts
    )
    page = context.new_page()
    page.goto(f"{asking_site}/models")

    names = {cookie["name"] for cookie in context.cookies()}
    accept, refuse = (
        page.get_by_role("button", name=each) for each in ("Accept all", "Refuse all")
    )
    assert names <= {"csrftoken"}
    assert _look(accept, has_scripts) == _look(refuse, has_scripts)
    if has_scripts:
        _is_clean(page)
    refuse.click()

    assert page.url.endswith("/models")
    assert page.locator(f"#{BANNER}").count() == 0
    assert {cookie["name"] for cookie in context.cookies()} <= {"csrftoken", "tracers", "messages"}
    context.close()


def _look(button: object, has_scripts: bool) -> tuple[object, ...]:
    box = button.bounding_box()  # type: ignore[attr-defined]
    colours = (
        button.evaluate("e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]")  # type: ignore[attr-defined]
        if has_scripts
        else ()
    )
    return round(box["width"]), round(box["height"]), tuple(colours)


def _is_clean(page: Page) -> None:
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")
    serious = [each for each in found["violations"] if each["impact"] in {"serious", "critical"}]
    assert serious == []
