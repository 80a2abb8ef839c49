"""Only declared cookies leave the site, after an agreement where one is due, never prolonged."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from bluegpt.accounts.models import Person
from bluegpt.privacy.models import Consent
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.queries.tracers import tracers
from bluegpt.web.privacy import jar
from tests.ops.conftest import PASSWORD
from tests.web.overlays import AUDIENCE, laid_over

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY_S = 24 * 3600
AGREED = {"answer": "accept", "method": "banner"}


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[None]:
    """An operator has declared a tracer that needs an agreement."""
    with laid_over(tmp_path, AUDIENCE):
        yield


def answered(
    request: HttpRequest, fill: Callable[[HttpResponse], None]
) -> dict[str, dict[str, Any]]:
    """The cookies of an answer that has passed the jar."""
    response = HttpResponse("page")
    fill(response)
    jar.kept(request, response)
    return {name: dict(morsel) for name, morsel in response.cookies.items()}


def test_an_undeclared_cookie_is_taken_out_and_named(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    left = answered(rf.get("/"), lambda response: response.set_cookie("visitor", "1"))

    assert left == {}
    assert "visitor" in caplog.text


def test_what_needs_an_agreement_waits_for_it(
    client: Client, db: None, asking: None, rf: RequestFactory, plain_static_files: None
) -> None:
    def count(response: HttpResponse) -> None:
        response.set_cookie("audience", "1", max_age=999 * DAY_S, domain="example.org")

    before = answered(rf.get("/"), count)
    with time_machine.travel(NOW, tick=False):
        client.post("/privacy/tracers", AGREED)
        request = rf.get("/")
        request.COOKIES["tracers"] = client.cookies["tracers"].value
        after = answered(request, count)

    assert before == {}
    assert after["audience"]["max-age"] == 90 * DAY_S
    assert (after["audience"]["domain"], after["audience"]["httponly"]) == ("", True)


def test_a_later_visit_prolongs_nothing(
    client: Client, db: None, asking: None, rf: RequestFactory, plain_static_files: None
) -> None:
    with time_machine.travel(NOW, tick=False):
        client.post("/privacy/tracers", AGREED)
    request = rf.get("/")
    request.COOKIES = {"tracers": client.cookies["tracers"].value, "audience": "1"}

    with time_machine.travel(datetime(2026, 12, 28, 12, tzinfo=UTC), tick=False):
        same = answered(
            request, lambda response: response.set_cookie("audience", "1", max_age=90 * DAY_S)
        )
        other = answered(
            request, lambda response: response.set_cookie("audience", "2", max_age=90 * DAY_S)
        )

    assert same == {}
    assert other["audience"]["max-age"] == 60 * DAY_S  # thirty of ninety days have passed


def test_a_withdrawal_takes_the_tracer_out_of_the_browser(
    client: Client, db: None, asking: None, plain_static_files: None
) -> None:
    client.post("/privacy/tracers", AGREED)
    client.cookies["audience"] = "1"

    answer = client.post("/privacy/tracers", {"answer": "refuse", "method": "form"})

    assert answer.cookies["audience"]["max-age"] == 0
    assert [row.action for row in Consent.objects.order_by("number")] == ["given", "withdrawn"]


def test_an_agreement_opens_the_tracers_own_site_and_no_other(
    client: Client, db: None, asking: None, plain_static_files: None
) -> None:
    def policy() -> str:
        return client.get("/models").headers["Content-Security-Policy"]

    before = policy()
    client.post("/privacy/tracers", AGREED)
    after = policy()

    assert "https://" not in before
    assert after.count("https://count.example") == 3
    assert "https://" not in after.replace("https://count.example", "")


PAGES = ("/", "/models", "/privacy/tracers", "/account/login/", "/account/signup/")
OWN_PAGES = ("/conversations", "/account", "/account/privacy", "/credits", "/account/sessions/")


@pytest.mark.django_db(databases=["default", "vault"])
def test_no_page_of_ours_sets_what_is_not_declared_or_lives_longer(
    visitor: Client, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    seen: dict[str, str] = {}
    with caplog.at_level(logging.WARNING, logger=jar.__name__):
        for path in PAGES:
            seen |= _ages(visitor.get(path))
        form = {"login": person.email, "password": PASSWORD}
        seen |= _ages(visitor.post("/account/login/", form))
        for path in OWN_PAGES:
            seen |= _ages(visitor.get(path, follow=True))
        seen |= _ages(visitor.post("/preferences/theme", {"theme": "dark"}))
        seen |= _ages(visitor.post("/preferences/language", {"language": "fr"}))

    assert [record for record in caplog.records if record.name == jar.__name__] == []
    declared = {each.name: each.lifetime.days * DAY_S for each in tracers()}
    assert set(seen) >= {"sessionid", "theme", "language"}
    for name, age in seen.items():
        assert int(age or 0) == declared[name], name


def _ages(response: Any) -> dict[str, str]:
    return {
        name: str(morsel["max-age"])
        for name, morsel in response.cookies.items()
        if morsel["max-age"] != 0
    }


def test_a_preference_is_kept_only_once_it_is_set(visitor: Client, db: None) -> None:
    for path in PAGES:
        assert not {"language", "theme"} & set(_ages(visitor.get(path)))

    assert "theme" in _ages(visitor.post("/preferences/theme", {"theme": "dark"}))
    assert "language" in _ages(visitor.post("/preferences/language", {"language": "fr"}))


def test_scripts_keep_nothing_in_the_browser() -> None:
    root = Path(jar.__file__).parent.parent / "static" / "js"
    words = ("localStorage", "sessionStorage", "indexedDB", "document.cookie")

    found = [
        f"{path}: {word}"
        for path in root.rglob("*.js")
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]

    assert list(root.rglob("*.js"))
    assert found == []
    assert {each.kind for each in manifest().tracers.items.values()} == {"cookie"}


@pytest.mark.parametrize("path", ["/", "/models"])
def test_in_production_everything_is_https(visitor: Client, db: None, path: str) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=365 * DAY_S):
        client = Client()
        plain = client.get(path)
        secure = client.get(path, secure=True)

    assert plain.status_code == 301
    assert plain.headers["Location"].startswith("https://")
    assert secure.headers["Strict-Transport-Security"] == f"max-age={365 * DAY_S}"
