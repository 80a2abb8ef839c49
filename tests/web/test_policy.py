"""The policy's pages: for anybody, in both languages, without a cookie, from the manifest."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.privacy.models import PolicyAcknowledgement, PolicyVersion
from bluegpt.privacy.queries.manifest import manifest, policy_digest
from bluegpt.privacy.queries.versions import term
from bluegpt.privacy.queries.words import duration_in_words, trigger_in_words
from bluegpt.privacy.rules.documents import merged
from bluegpt.privacy.services import versions as keeping
from bluegpt.web.privacy import codes

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

OPEN = (
    "/privacy",
    "/privacy/versions",
    "/privacy/proof",
    "/.well-known/privacy-manifest.json",
    "/.well-known/privacy-manifest.schema.json",
)
ASK_AGAIN = '[purposes.account.bases]\nmetering = "contract"\n'

Overlay = Callable[[str], None]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    cache.clear()
    manifest.cache_clear()
    yield
    cache.clear()
    manifest.cache_clear()


@pytest.fixture
def overlay(tmp_path: Path) -> Iterator[Overlay]:
    """Serve with these lines as `privacy.toml` from now on."""

    def write(lines: str) -> None:
        (tmp_path / "privacy.toml").write_text(lines, encoding="utf-8")
        manifest.cache_clear()
        keeping.enter()

    site = replace(settings.BLUEGPT.site, data_dir=tmp_path)
    with override_settings(BLUEGPT=replace(settings.BLUEGPT, site=site)):
        yield write


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_anybody_reads_it_and_is_given_no_cookie(visitor: Client, path: str, language: str) -> None:
    response = visitor.get(path, headers={"accept-language": language})

    assert response.status_code == 200
    assert not response.cookies


def test_reading_it_acknowledges_nothing(browser_of: Client) -> None:
    for path in OPEN:
        browser_of.get(path)

    assert not PolicyAcknowledgement.objects.exists()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_fact_of_the_manifest_is_on_the_page(visitor: Client, language: str) -> None:
    page = visitor.get(f"/privacy?language={language}").content.decode()
    policy = manifest()
    operator = policy.operator
    said = [
        *(operator.company, operator.legal_form, operator.seat, operator.email),
        *(operator.authority, operator.authority_url),
        *(each.name.in_language(language) for each in policy.purposes.values()),
        *(each.why.in_language(language) for each in policy.purposes.values()),
        *(each.instrument.in_language(language) for each in policy.transfers.values()),
        *(policy.succession.what.in_language(language), policy.succession.source),
        policy.succession.freeze.in_language(language),
        *(each.why.in_language(language) for each in policy.retention.values()),
        *(
            each.covers.in_language(language)
            for key, each in policy.classes.items()
            if key != "technical"
        ),
        *(
            text
            for each in policy.recipients.values()
            if each.company is not None
            for text in (
                each.company.in_language(language),
                each.retention.in_language(language),
                each.terms_url,
            )
        ),
    ]

    missing = [
        text
        for text in said
        if text.replace("'", "&#x27;").replace("&", "&amp;").replace("&amp;#x27;", "&#x27;")
        not in page
    ]

    assert missing == []


def test_every_code_of_the_manifest_has_its_words() -> None:
    policy = manifest()

    triggers = {rule.trigger for rule in policy.retention.values()}
    assert [each for each in triggers if trigger_in_words(each) == each.replace("_", " ")] == []
    bases = {basis for purpose in policy.purposes.values() for basis in purpose.bases.values()}
    assert bases <= set(codes.BASES)
    assert {each.origin for each in policy.classes.values()} <= set(codes.ORIGINS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("P30D", "30 days"),
        ("P1Y6M", "1 year and 6 months"),
        ("P0D", "no time at all"),
        ("P1D", "1 day"),
    ],
)
def test_a_term_is_said_in_words(text: str, said: str) -> None:
    assert duration_in_words(term(text)) == said


def test_the_version_is_on_the_page_and_is_the_digest_of_what_is_published(
    visitor: Client,
) -> None:
    page = visitor.get("/privacy").content.decode()
    published = visitor.get("/.well-known/privacy-manifest.json").content

    digest = hashlib.sha256(published).hexdigest()
    assert digest == policy_digest()
    assert digest in page
    assert visitor.get(f"/privacy/versions/{digest}.json").content == published


def test_what_is_published_satisfies_its_schema(visitor: Client) -> None:
    published = visitor.get("/.well-known/privacy-manifest.json").json()
    schema = visitor.get("/.well-known/privacy-manifest.schema.json").json()

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(published, schema)


@pytest.mark.parametrize(
    "fault",
    [
        {"operator": {"country": "France"}},
        {"retention": {"calls": {"duration": "soon"}}},
        {"recipients": {"openai": {"trains_on_prompts": True}}},
        {"transfers": {"us_standard_clauses": {"basis": "consent"}}},
        {"purposes": {"account": {"bases": {"identity": "habit"}}}},
    ],
    ids=str,
)
def test_the_schema_refuses_what_the_linter_refuses(visitor: Client, fault: dict[str, Any]) -> None:
    published = visitor.get("/.well-known/privacy-manifest.json").json()
    schema = visitor.get("/.well-known/privacy-manifest.schema.json").json()
    published = merged(published, fault)

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(published, schema)


def test_an_earlier_version_is_read_and_says_so(visitor: Client, overlay: Overlay) -> None:
    overlay('[operator]\ncompany = "The first company"\n')
    first = policy_digest()
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        overlay('[operator]\ncompany = "The second company"\n')

        earlier = visitor.get(f"/privacy/versions/{first}").content.decode()
        today = visitor.get("/privacy").content.decode()

    assert "The first company" in earlier
    assert "not in force any more" in earlier
    assert "The second company" in today
    assert "not in force any more" not in today


def test_a_day_shows_what_applied_on_it(visitor: Client, overlay: Overlay) -> None:
    overlay('[operator]\ncompany = "The first company"\n')
    first_day = clock.now().date()
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        overlay('[operator]\ncompany = "The second company"\n')
        second_day = clock.now().date()

        first = visitor.get(f"/privacy/day?day={first_day}")
        second = visitor.get(f"/privacy/day?day={second_day}")
        before = visitor.get(f"/privacy/day?day={first_day - timedelta(days=1)}")
        never = visitor.get("/privacy/day?day=yesterday")

    assert "The first company" in first.content.decode()
    assert "The second company" in second.content.decode()
    assert before.status_code == 404
    assert never.status_code == 422


def test_the_lines_between_two_versions_are_shown(visitor: Client, overlay: Overlay) -> None:
    overlay('[operator]\ncompany = "The first company"\n')
    first = policy_digest()
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        overlay('[operator]\ncompany = "The second company"\n')
        second = policy_digest()
        page = visitor.get(f"/privacy/changes?from={first}&to={second}").content.decode()

    assert "operator.company" in page
    assert "<del>The first company</del>" in page
    assert "<ins>The second company</ins>" in page
    assert "People are told" in page


@pytest.mark.parametrize(
    "path",
    ["/privacy/changes", f"/privacy/changes?from=x&to={'0' * 64}", f"/privacy/versions/{'0' * 64}"],
)
def test_a_version_that_nobody_was_served_is_not_there(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_every_clause_stands_on_the_page_of_proofs(visitor: Client) -> None:
    page = visitor.get("/privacy/proof").content.decode()

    assert [f'id="P{number}"' in page for number in range(1, 124)] == [True] * 123


def test_the_proofs_are_looked_at_again_only_after_a_while(
    visitor: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    visitor.get("/privacy/proof")

    with django_assert_max_num_queries(0):  # type: ignore[attr-defined]
        visitor.get("/privacy/proof")


def test_each_page_links_to_the_policy(visitor: Client, person: Person) -> None:
    link = f'href="{reverse("privacy:policy")}"'

    assert link in visitor.get("/").content.decode()
    visitor.force_login(person)
    assert visitor.get("/credits").content.decode().count(link) >= 1


def test_what_is_new_is_shown_at_the_next_visit_until_it_was_read(
    browser_of: Client, person: Person, overlay: Overlay
) -> None:
    html = {"accept": "text/html"}
    overlay("")
    keeping.acknowledge(person_id=person.id, occasion="sign_up")
    assert browser_of.get("/credits", headers=html).status_code == 200
    cache.clear()
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        overlay(ASK_AGAIN)

        shown = browser_of.get("/credits?page=2", headers=html)
        page = browser_of.get(shown.headers["Location"]).content.decode()
        still = browser_of.get("/credits", headers=html)
        read = browser_of.post("/privacy/new", {"answer": "read", "next": "/credits?page=2"})
        after = browser_of.get("/credits", headers=html)

    assert shown.headers["Location"] == "/privacy/new?next=%2Fcredits%3Fpage%3D2"
    assert "purposes.account.bases.metering" in page
    assert still.status_code == 303
    assert read.headers["Location"] == "/credits?page=2"
    assert after.status_code == 200
    row = PolicyAcknowledgement.objects.get(occasion="asked_again")
    assert row.digest == PolicyVersion.objects.latest("effective_at").digest


def test_who_puts_it_off_is_asked_in_the_next_session(
    browser_of: Client, person: Person, overlay: Overlay
) -> None:
    html = {"accept": "text/html"}
    overlay("")
    keeping.acknowledge(person_id=person.id, occasion="sign_up")
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        overlay(ASK_AGAIN)
        browser_of.post("/privacy/new", {"answer": "later", "next": "/credits"})
        same = browser_of.get("/credits", headers=html)
        browser_of.logout()
        browser_of.force_login(person)
        next_session = browser_of.get("/credits", headers=html)

    assert same.status_code == 200
    assert next_session.status_code == 303
    assert not PolicyAcknowledgement.objects.filter(occasion="asked_again").exists()


def test_programs_and_fragments_are_never_interrupted(
    browser_of: Client, person: Person, overlay: Overlay
) -> None:
    overlay("")
    keeping.acknowledge(person_id=person.id, occasion="sign_up")
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        overlay(ASK_AGAIN)

        fragment = browser_of.get("/credits", headers={"accept": "text/html", "hx-request": "true"})
        program = browser_of.get("/credits", headers={"accept": "application/json"})

    assert (fragment.status_code, program.status_code) == (200, 200)


def test_the_published_manifest_carries_no_names_of_tests(visitor: Client) -> None:
    assert "tests/" not in json.dumps(visitor.get("/.well-known/privacy-manifest.json").json())
