"""The desk: recorded, asked back, extended, doubted, answered, refused, put away."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.privacy.models import IdentityDocument, Request, RequestStep, StaffAct
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.requests import Channel, Contact, RequestView, State, StepKind
from bluegpt.privacy.types.rights import Right
from tests.backoffice.conftest import LogIn, MakeStaff

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(databases=["default", "vault"])]

WORDS = "My birthday is wrong."


@pytest.fixture(autouse=True)
def _on_a_day() -> Iterator[None]:
    with time_machine.travel("2026-11-28T10:00:00Z", tick=False):
        yield


def _asked(ada: Person, *, right: Right = Right.RECTIFICATION, is_fresh: bool = True) -> str:
    made = desk.open_request(person_id=ada.id, right=right, words=WORDS, is_fresh=is_fresh)
    return f"/staff/requests/{made}"


def _now(address: str) -> RequestView:
    return queries.request(Request.objects.get(id=address.split("/")[3]).id)


def _verbs() -> list[str]:
    return list(StaffAct.objects.order_by("number").values_list("verb", flat=True))


def test_what_came_by_post_is_recorded_with_its_day_of_receipt(staff_client: Client) -> None:
    sent = {
        "right": "access",
        "channel": "post",
        "received_on": "2026-11-20",
        "name": "Grace",
        "post": "1 Harbour Street",
        "words": "What do you have about me?",
    }

    response = staff_client.post("/staff/requests", sent)

    [made] = queries.open_requests()
    assert response["Location"] == f"/staff/requests/{made.id}"
    assert (made.channel, made.received_on, made.due_on) == (
        Channel.POST,
        date(2026, 11, 20),
        date(2026, 12, 21),
    )
    assert made.contact == Contact(name="Grace", post="1 Harbour Street")
    assert _verbs() == ["request.record"]
    page = staff_client.get(response["Location"]).content.decode()
    assert "What do you have about me?" in page
    assert "1 Harbour Street" in staff_client.get(f"{response['Location']}/letter").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"received_on": "2026-11-29"}, {"post": ""}, {"words": ""}, {"right": "everything"}]
)
def test_what_cannot_be_recorded_is_said_and_leaves_nothing(
    staff_client: Client, wrong: dict[str, str]
) -> None:
    sent = {"right": "access", "channel": "post", "received_on": "2026-11-20"}
    sent |= {"post": "1 Harbour Street", "words": "Hello"} | wrong

    assert staff_client.post("/staff/requests", sent).status_code == 422
    assert not Request.objects.exists()
    assert not StaffAct.objects.exists()


def test_the_list_puts_the_most_urgent_first_and_says_what_is_late(
    staff_client: Client, ada: Person
) -> None:
    with time_machine.travel("2026-10-01T10:00:00Z", tick=False):
        late = _asked(ada, right=Right.ACCESS)
    fresh = _asked(ada)

    page = staff_client.get("/staff/requests").content.decode()

    assert page.index(late) < page.index(fresh)
    assert "26 days late" in page  # due on 2 November: the first is a Sunday
    assert WORDS not in page


def test_a_request_goes_from_its_question_to_its_end(staff_client: Client, ada: Person) -> None:
    at = _asked(ada)

    for step, sent in [
        ("question", {"words": "Which day is right?"}),
        ("extension", {"by_months": "2", "words": "Three archives to search."}),
        ("stage", {"stage": "collect"}),
        ("stage", {"stage": "review"}),
        ("answer", {"words": "Put right."}),
        ("closing", {}),
    ]:
        assert staff_client.post(f"{at}/{step}", sent).status_code == 302, step

    found = _now(at)
    assert found.state is State.CLOSED
    assert found.due_on == date(2027, 3, 1)
    assert [step.words for step in found.steps if step.words] == [
        "Which day is right?",
        "Three archives to search.",
        "Put right.",
    ]
    assert _verbs() == [
        f"request.{verb}" for verb in ("ask", "extend", "collect", "review", "answer", "close")
    ]
    assert "Put right." in staff_client.get(at).content.decode()
    assert at in staff_client.get("/staff/requests/answered").content.decode()


def test_a_refusal_names_a_ground_of_this_right_and_the_way_to_the_authority(
    staff_client: Client, ada: Person
) -> None:
    at = _asked(ada)
    page = staff_client.get(at).content.decode()
    assert 'value="already_right"' in page
    assert 'value="legal_duty"' not in page  # no ground for refusing to put something right
    assert "cnil.fr" in page

    without_ground = staff_client.post(f"{at}/refusal", {"words": "No."})
    foreign = staff_client.post(f"{at}/refusal", {"ground": "legal_duty", "words": "No."})
    assert (without_ground.status_code, foreign.status_code) == (422, 422)
    assert _now(at).is_open

    sent = {"ground": "already_right", "words": "We looked it up.", "is_partly": "on"}
    staff_client.post(f"{at}/refusal", sent)

    assert _now(at).state is State.PARTLY_REFUSED
    assert StaffAct.objects.get().facts == {"ground": "already_right"}
    assert "cnil.fr" in staff_client.get(f"{at}/letter").content.decode()


def test_a_document_takes_a_doubt_two_people_and_ends_with_the_decision(
    staff_client: Client, make_staff: MakeStaff, log_in: LogIn, ada: Person
) -> None:
    at = _asked(ada, right=Right.ACCESS, is_fresh=False)
    second = log_in(make_staff("sam@example.org"))
    copy = SimpleUploadedFile("id.png", b"masked", content_type="image/png")

    # Nobody is asked for a document on one person's word, nor is one kept unasked.
    assert staff_client.post(f"{at}/doubt", {"words": ""}).status_code == 422
    staff_client.post(f"{at}/doubt", {"words": "Two letters, two signatures."})
    staff_client.post(f"{at}/agreement")
    early = staff_client.post(f"{at}/document", {"copy": copy, "is_masked": "on"})
    assert early.status_code == 422
    assert not RequestStep.objects.filter(kind=StepKind.DOCUMENT_ASKED.value).exists()

    second.post(f"{at}/agreement")
    [asked] = [step for step in _now(at).steps if step.kind is StepKind.DOCUMENT_ASKED]
    assert asked.by != asked.second_by
    assert asked.words == "Two letters, two signatures."

    copy.seek(0)
    assert staff_client.post(f"{at}/document", {"copy": copy}).status_code == 422  # not looked at
    copy.seek(0)
    staff_client.post(f"{at}/document", {"copy": copy, "is_masked": "on"})
    assert staff_client.get(f"{at}/document").content == b"masked"
    staff_client.post(f"{at}/identification")
    staff_client.post(f"{at}/answer", {"words": ""})

    assert _now(at).state is State.DELIVERED
    assert not IdentityDocument.objects.exists()
    assert staff_client.get(f"{at}/document").status_code == 422
    assert _verbs() == [
        f"request.{verb}"
        for verb in ("doubt", "agree", "document", "see_document", "identify", "answer")
    ]


def test_nothing_is_answered_before_it_is_known_who_asks(staff_client: Client, ada: Person) -> None:
    at = _asked(ada, is_fresh=False)

    assert staff_client.post(f"{at}/answer", {"words": "Done."}).status_code == 422
    assert staff_client.post(f"{at}/identification").status_code == 302

    assert _now(at).state is State.RECEIVED
    assert _verbs() == []


def test_what_was_decided_meanwhile_is_said_and_not_done_again(
    staff_client: Client, ada: Person
) -> None:
    at = _asked(ada)
    staff_client.post(f"{at}/answer", {"words": "Done."})

    again = staff_client.post(f"{at}/refusal", {"ground": "excessive", "words": "No."})

    assert again.status_code == 422
    assert _verbs() == ["request.answer"]
