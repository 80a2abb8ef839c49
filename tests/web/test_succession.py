"""A person reads who takes over and from when, objects by a button, and takes it back."""

from pathlib import Path

import pytest
import time_machine
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core.ids import new_id
from bluegpt.privacy.models import Request, SuccessionNotice
from bluegpt.privacy.services import succession_bundles, succession_notices, successions
from tests.privacy import changing_hands
from tests.privacy.changing_hands import PUBLIC, TOLD

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

PAGE = "/account/privacy/succession"
CENTRE = "/account/privacy"


def test_nothing_is_shown_before_two_people_have_approved(browser_of: Client) -> None:
    successions.declare(actor_id=new_id(), told=TOLD)

    assert browser_of.get(PAGE).status_code == 404
    assert TOLD.acquirer not in browser_of.get(CENTRE).content.decode()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Not before"), ("fr", "Pas avant le")], ids=["en", "fr"]
)
def test_the_page_says_who_from_when_and_what_would_be_handed_over(
    browser_of: Client, person: Person, language: str, said: str
) -> None:
    Person.objects.filter(id=person.id).update(language=language)
    row = changing_hands.told()
    assert row.bundle_from is not None

    assert TOLD.acquirer in browser_of.get(CENTRE).content.decode()
    page = browser_of.get(PAGE).content.decode()

    for text in (TOLD.acquirer, TOLD.contact, TOLD.changes, said, str(row.bundle_from.year)):
        assert text in page
    assert ("Belgique" if language == "fr" else "Belgium") in page
    assert "/account/privacy/archive" in page


@pytest.mark.parametrize(
    ("then", "leads_to"),
    [
        ("stay", PAGE),
        ("close", "/account/closure"),
        ("erase", "/account/privacy/erasure?scope=account"),
        ("", PAGE),
    ],
)
def test_an_objection_holds_at_once_and_leads_to_what_was_chosen(
    browser_of: Client, person: Person, then: str, leads_to: str
) -> None:
    changing_hands.told()

    answer = browser_of.post(f"{PAGE}/objection", {"then": then})

    assert (answer.status_code, answer.headers["Location"]) == (303, leads_to)
    assert SuccessionNotice.objects.get(person_id=person.id).objected_at is not None
    assert Request.objects.get(person_id=person.id, right="objection").closed_at is not None
    assert "nothing of yours is handed over" in browser_of.get(CENTRE).content.decode()
    browser_of.post(f"{PAGE}/objection", {"then": then})  # twice is once
    assert Request.objects.filter(person_id=person.id, right="objection").count() == 1


def test_an_objection_is_taken_back_by_a_button(browser_of: Client, person: Person) -> None:
    changing_hands.told()
    succession_notices.object_to(person_id=person.id)

    assert "Take the objection back" in browser_of.get(PAGE).content.decode()
    browser_of.post(f"{PAGE}/return")

    assert SuccessionNotice.objects.get(person_id=person.id).objected_at is None


def test_after_the_handing_over_the_page_says_when_and_that_objecting_comes_too_late(
    browser_of: Client, person: Person, tmp_path: Path
) -> None:
    row = changing_hands.told()
    assert row.bundle_from is not None
    with time_machine.travel(row.bundle_from, tick=False):
        succession_bundles.build(out=tmp_path / "bundle", to=PUBLIC, left_out=())

    page = browser_of.get(PAGE).content.decode()

    assert "Handed over on" in page
    assert "succession/objection" not in page
    assert browser_of.post(f"{PAGE}/objection").status_code == 409
    successions.conclude(actor_id=new_id(), succession_id=row.id)
    assert "was handed over on" in browser_of.get(CENTRE).content.decode()


def test_each_decides_for_themselves(browser_of: Client, person: Person) -> None:
    other = Person.objects.create(email="other@example.org", confirmed_at=person.confirmed_at)
    changing_hands.told()

    browser_of.post(f"{PAGE}/objection")

    assert SuccessionNotice.objects.get(person_id=other.id).objected_at is None
