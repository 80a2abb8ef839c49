"""A legal hold has a text, a law, an author and an end, and keeps what it names until then."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.staff import HoldIncomplete, UnknownHold
from bluegpt.privacy.models import LegalHold, StaffAct
from bluegpt.privacy.queries import holds as queries
from bluegpt.privacy.services import holds
from bluegpt.privacy.services.holds import Matter

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

LAST_DAY = date(2027, 3, 31)
MATTER = Matter(
    text="Inquiry 12/2026", law="Code of criminal procedure, art. 60-1", ends_on=LAST_DAY
)


@pytest.fixture(autouse=True)
def _on_a_day() -> Iterator[None]:
    with time_machine.travel("2026-11-28T10:00:00Z", tick=False):
        yield


def _placed(person: Person, *classes: DataClass) -> None:
    holds.place(actor_id=new_id(), person_id=person.id, data_classes=classes, matter=MATTER)


def test_a_hold_keeps_the_classes_that_it_names_and_no_others(ada: Person) -> None:
    _placed(ada, DataClass.CONTENT, DataClass.CONNECTION)

    assert queries.held_classes(ada.id) == {DataClass.CONTENT, DataClass.CONNECTION}
    assert queries.held_classes(new_id()) == frozenset()
    assert queries.held_among([ada.id, new_id()]) == {
        ada.id: {DataClass.CONTENT, DataClass.CONNECTION}
    }
    assert list(queries.held_people(DataClass.CONTENT)) == [ada.id]
    assert list(queries.held_people(DataClass.METERING)) == []


@pytest.mark.parametrize(
    ("instant", "is_held"),
    [("2027-03-31T23:59:59Z", True), ("2027-04-01T00:00:00Z", False)],
)
def test_a_hold_ends_with_its_last_day(ada: Person, instant: str, is_held: bool) -> None:
    _placed(ada, DataClass.CONTENT)

    with time_machine.travel(instant, tick=False):
        assert bool(queries.held_classes(ada.id)) is is_held


def test_a_lifted_hold_keeps_nothing(ada: Person) -> None:
    _placed(ada, DataClass.CONTENT)
    [hold] = queries.holds_of(ada.id)

    holds.lift(actor_id=new_id(), hold_id=hold.id)

    assert queries.held_classes(ada.id) == frozenset()
    with pytest.raises(UnknownHold):
        holds.lift(actor_id=new_id(), hold_id=hold.id)


@pytest.mark.parametrize(
    "matter",
    [
        Matter(text=" ", law="L", ends_on=LAST_DAY),
        Matter(text="T", law="", ends_on=LAST_DAY),
        Matter(text="T", law="L", ends_on=date(2026, 11, 28)),
    ],
    ids=["no text", "no law", "no end to come"],
)
def test_a_hold_without_one_of_its_parts_is_refused(ada: Person, matter: Matter) -> None:
    with pytest.raises(HoldIncomplete):
        holds.place(
            actor_id=new_id(), person_id=ada.id, data_classes=[DataClass.CONTENT], matter=matter
        )

    assert not LegalHold.objects.exists()
    assert not StaffAct.objects.exists()


@pytest.mark.parametrize("field", ["text", "law"])
def test_the_database_refuses_a_hold_that_does_not_say_why(field: str) -> None:
    said = {"text": "Inquiry", "law": "Art. 60-1"} | {field: ""}

    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.create(
            person_id=new_id(),
            data_class="content",
            author_id=new_id(),
            created_at=clock.now(),
            ends_on=clock.now().date() + timedelta(days=3),
            **said,
        )


def test_placing_and_lifting_leave_a_line_in_the_log(staff_client: Client, ada: Person) -> None:
    given = {
        "email": ada.email,
        "data_classes": ["content", "metering"],
        "text": MATTER.text,
        "law": MATTER.law,
        "ends_on": "2027-03-31",
    }

    placed = staff_client.post("/staff/holds", given)
    [first, _second] = queries.holds_of(ada.id)
    lifted = staff_client.post(f"/staff/holds/{first.id}/lifting")

    assert (placed.status_code, lifted.status_code) == (302, 302)
    assert list(StaffAct.objects.order_by("number").values_list("verb", flat=True)) == [
        "hold.place",
        "hold.place",
        "hold.lift",
    ]
    page = staff_client.get("/staff/holds").content.decode()
    assert MATTER.text in page
    assert ada.email in page


def test_a_form_that_lacks_something_says_so_and_places_nothing(
    staff_client: Client, ada: Person
) -> None:
    response = staff_client.post("/staff/holds", {"email": ada.email, "text": "Inquiry"})

    assert response.status_code == 422
    assert not LegalHold.objects.exists()
