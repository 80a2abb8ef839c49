"""The privacy page says what is so, and its switches act at once."""

from datetime import timedelta

import pytest
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.privacy.models import Disclosure
from bluegpt.privacy.queries import holdings
from bluegpt.privacy.queries.standing import standing_now
from bluegpt.privacy.services import choices
from bluegpt.privacy.types.choices import FREE
from bluegpt.providers.queries import catalogue as offers
from bluegpt.providers.services import catalogue
from bluegpt.studio.services import pricing
from bluegpt.web.studio import shown
from tests.web.conftest import NewVisit

CENTRE = "/account/privacy"


def disclosed(person: Person, recipient: str = "openai", *, minutes_ago: int = 0) -> None:
    Disclosure.objects.create(
        call_id=new_id(),
        person_id=person.id,
        at=clock.now() - timedelta(minutes=minutes_ago),
        purpose="chat_answer",
        basis="contract",
        recipient=recipient,
        country="US",
        transfer_basis="scc",
        data_classes="content",
        policy_digest="0" * 64,
    )


@pytest.mark.django_db(databases=["default", "vault"])
def test_the_page_says_what_is_held_and_when_it_goes(browser_of: Client) -> None:
    page = browser_of.get(CENTRE).content.decode()

    assert "3 years after you close your account" in page  # identity
    assert "Questions and claims about a closed account" in page
    assert "Nothing of yours was sent to anybody." in page


@pytest.mark.django_db(databases=["default", "vault"])
def test_the_page_says_who_received_what_where_and_why(browser_of: Client, person: Person) -> None:
    disclosed(person)

    page = browser_of.get(CENTRE).content.decode()

    assert "OpenAI Ireland Ltd, with OpenAI OpCo, LLC, United States" in page
    assert "standard contractual clauses" in page
    assert "to give you what you asked for" in page


@pytest.mark.django_db(databases=["default", "vault"])
def test_disclosures_come_page_by_page_and_none_twice(browser_of: Client, person: Person) -> None:
    for number in range(holdings.PAGE_LINES + 3):
        disclosed(person, minutes_ago=number)
    stranger = Person.objects.create(email="other@example.org")
    disclosed(stranger)

    first = holdings.disclosures(person.id)
    second = holdings.disclosures(person.id, cursor=first.next_cursor)

    assert (len(first.lines), len(second.lines), second.next_cursor) == (25, 3, "")
    assert len({line.id for line in (*first.lines, *second.lines)}) == 28
    page = browser_of.get(f"{CENTRE}/disclosures?cursor={first.next_cursor}").content.decode()
    assert page.count("United States") == 3


@pytest.mark.django_db(databases=["default", "vault"])
def test_every_switch_turns_and_turns_back(browser_of: Client, person: Person) -> None:
    for kind in ("only_eea", "no_keepers", "restriction"):
        browser_of.post(f"{CENTRE}/choices", {"kind": kind, "on": "yes"})
        assert standing_now(person.id) != FREE
        browser_of.post(f"{CENTRE}/choices", {"kind": kind, "on": "no"})
        assert standing_now(person.id) == FREE
    browser_of.post(f"{CENTRE}/content-term", {"term": "P1Y"})
    assert "1 year after you close" not in browser_of.get(CENTRE).content.decode()  # nothing held
    own = standing_now(person.id).content_term
    assert own is not None
    assert own.years == 1


@pytest.mark.django_db(databases=["default", "vault"])
@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "everything", "on": "yes"},
        {"kind": "restriction", "on": "perhaps"},
        {"kind": "objection", "purpose": "chat_answer", "on": "yes"},
        {"kind": "objection", "purpose": "security", "on": "yes"},
        {},
    ],
)
def test_a_switch_that_is_none_turns_nothing(
    browser_of: Client, person: Person, sent: dict[str, str]
) -> None:
    answer = browser_of.post(f"{CENTRE}/choices", sent)

    assert answer.status_code == 422
    assert standing_now(person.id) == FREE


@pytest.mark.django_db(databases=["default", "vault"])
def test_a_term_beyond_the_policy_is_refused(browser_of: Client, person: Person) -> None:
    assert browser_of.post(f"{CENTRE}/content-term", {"term": "P9Y"}).status_code == 422
    assert standing_now(person.id) == FREE


@pytest.mark.django_db
def test_strangers_see_and_turn_nothing(visitor: Client) -> None:
    for path in (CENTRE, f"{CENTRE}/disclosures"):
        assert visitor.get(path).status_code == 302
    assert visitor.post(f"{CENTRE}/choices", {"kind": "only_eea", "on": "yes"}).status_code == 302


@pytest.mark.django_db(databases=["default", "vault"])
def test_a_frozen_account_says_so_on_its_pages(browser_of: Client, person: Person) -> None:
    choices.restrict(person_id=person.id)

    for path in (CENTRE, "/conversations", "/account", "/credits"):
        page = browser_of.get(path, follow=True).content.decode()
        assert "Your data is frozen" in page, path
        assert 'id="composer"' not in page


@pytest.mark.django_db(databases=["default", "vault"])
def test_what_a_limit_closes_stays_on_the_list_with_the_reason(
    browser_of: Client, person: Person
) -> None:
    catalogue.load_packaged()
    offers.forget()
    pricing.publish()
    before = {row.model.recipient: row for g in shown.model_groups(person.id) for row in g.rows}

    choices.allow_only_eea(person_id=person.id)

    after = {row.model.recipient: row for g in shown.model_groups(person.id) for row in g.rows}
    assert set(before) == set(after)
    assert after["mistral"].reason == before["mistral"].reason
    assert after["sandbox"].reason == before["sandbox"].reason
    assert not after["openai"].is_usable
    page = browser_of.get("/models", headers={"X-Fragment": "1"}).content.decode()
    assert "Closed by your limit: outside the European Economic Area" in page


@pytest.mark.django_db(databases=["default", "vault"])
def test_the_composer_says_where_a_message_goes_and_on_what_terms(person: Person) -> None:
    catalogue.load_packaged()
    offers.forget()

    goes = {
        row.model.recipient: row.destination
        for group in shown.model_groups(person.id)
        for row in group.rows
    }

    assert goes["openai"] == (
        "Goes to OpenAI Ireland Ltd, with OpenAI OpCo, LLC, United States"
        " · standard contractual clauses · keeps it up to 30 days · does not train on it"
    )


@pytest.mark.parametrize("width", [320, 1_280])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_page_is_clean_and_its_switches_work_without_scripts(
    new_visit: NewVisit, width: int, colours: str
) -> None:
    seen = new_visit(width=width, color_scheme=colours)
    seen.open(CENTRE)
    assert seen.complaints == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.serious_findings() == []
    plain = new_visit(width=width, java_script_enabled=False)
    plain.open(CENTRE)

    plain.page.click("text=Turn on Only providers")
    plain.page.get_by_role("button", name="Turn off Only providers").click()

    assert plain.page.get_by_role("button", name="Turn on Only providers").count() == 1
