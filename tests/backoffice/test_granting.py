"""What staff grant holds as if the person had turned the switch themselves."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from django.core import mail
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core import events
from bluegpt.core.ids import new_id
from bluegpt.core.worker import Worker
from bluegpt.ops.commands import privacy_requests
from bluegpt.ops.parser import parser
from bluegpt.privacy import jobs
from bluegpt.privacy.events import UseEnded
from bluegpt.privacy.models import Choice, Disclosure, RecipientNotice, Request, StaffAct
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.queries import standing
from bluegpt.privacy.services import choices
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.requests import Channel, Contact, Proof, RequestView, State, StepKind
from bluegpt.privacy.types.rights import Right
from tests.privacy.conftest import overlay
from tests.privacy.test_standing import IMPROVING

__all__ = ["overlay"]

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
]
TODAY = "2026-11-28T10:00:00Z"


@pytest.fixture(autouse=True)
def _on_a_day() -> Iterator[None]:
    standing.forget_cached()
    with time_machine.travel(TODAY, tick=False):
        yield
    standing.forget_cached()


@pytest.fixture
def ended() -> Iterator[list[UseEnded]]:
    """The news that those above would have heard."""
    heard: list[UseEnded] = []

    def hear(event: UseEnded) -> None:
        heard.append(event)

    events.listen(UseEnded)(hear)
    yield heard
    name = f"{hear.__module__}.{hear.__qualname__}"
    for listeners in events._listeners.values():
        listeners.pop(name, None)


def by_post(ada: Person, right: Right) -> str:
    """A request that came by post, and of which it is known that it is hers."""
    made = desk.record_request(
        contact=Contact(name="Ada", email=ada.email, post="1 Harbour Street"),
        right=right,
        channel=Channel.POST,
        words="Please.",
        received_on=date(2026, 11, 27),
        by="console",
    )
    desk.identify(request_id=made, proof=Proof.DOCUMENT, by="console")
    Worker().run_pending()
    mail.outbox.clear()
    return f"/staff/requests/{made}"


def view(address: str) -> RequestView:
    return queries.request(Request.objects.get(id=address.split("/")[3]).id)


def letters() -> list[str]:
    Worker().run_pending()
    return [" ".join(each.body.split()) for each in mail.outbox]


def test_a_restriction_that_came_by_post_freezes_the_account_when_it_is_granted(
    staff_client: Client, ada: Person, ended: list[UseEnded]
) -> None:
    at = by_post(ada, Right.RESTRICTION)
    Disclosure.objects.create(
        id=new_id(),
        person_id=ada.id,
        at="2026-11-20T10:00:00Z",
        recipient="openai",
        country="US",
        purpose="chat_answer",
        basis="contract",
        transfer_basis="scc",
        data_classes="content",
        policy_digest="0" * 64,
        call_id=new_id(),
    )
    assert "It freezes the account." in staff_client.get(at).content.decode()

    assert staff_client.post(f"{at}/answer", {"words": ""}).status_code == 302

    assert standing.standing_now(ada.id).is_restricted
    found = view(at)
    assert found.state is State.DELIVERED
    assert [step.code for step in found.steps if step.kind is StepKind.SWITCHED] == ["restriction"]
    assert ended == [UseEnded(person_id=ada.id, purpose="")]
    assert RecipientNotice.objects.get().recipient == "openai"
    assert Request.objects.count() == 1  # no second case for the same freeze
    [letter] = letters()
    assert "Your account is frozen from now on" in letter


def test_what_is_refused_turns_no_switch(staff_client: Client, ada: Person) -> None:
    at = by_post(ada, Right.RESTRICTION)
    [ground, *_more] = _grounds(staff_client, at)

    staff_client.post(f"{at}/refusal", {"ground": ground, "words": "No."})

    assert view(at).state is State.REFUSED
    assert not Choice.objects.exists()


def test_nothing_is_frozen_before_it_is_known_who_asks(staff_client: Client, ada: Person) -> None:
    made = desk.open_request(person_id=ada.id, right=Right.RESTRICTION, is_fresh=False)

    assert staff_client.post(f"/staff/requests/{made}/answer", {"words": ""}).status_code == 422

    assert not Choice.objects.exists()


def test_an_objection_that_came_by_post_shuts_the_purposes_that_are_granted(
    staff_client: Client, ada: Person, ended: list[UseEnded], overlay: Callable[[str], None]
) -> None:
    overlay(IMPROVING)
    at = by_post(ada, Right.OBJECTION)
    page = staff_client.get(at).content.decode()
    assert 'value="improving"' in page
    assert 'value="security"' not in page  # its reasons are weighed, there is no switch

    sent = {"words": "", "purposes": ["improving"]}
    assert staff_client.post(f"{at}/answer", sent).status_code == 302

    assert standing.standing_now(ada.id).objections == {"improving"}
    assert ended == [UseEnded(person_id=ada.id, purpose="improving")]
    assert [step.code for step in view(at).steps if step.kind is StepKind.SWITCHED] == ["improving"]
    assert StaffAct.objects.get().facts == {"purposes": "improving"}
    [letter] = letters()
    assert "no longer used for this: Improving answers" in letter


def test_a_part_of_an_objection_may_be_granted(
    staff_client: Client, ada: Person, overlay: Callable[[str], None]
) -> None:
    overlay(IMPROVING)
    at = by_post(ada, Right.OBJECTION)
    [ground, *_more] = _grounds(staff_client, at)
    sent = {"ground": ground, "words": "Security stays.", "purposes": ["improving"]}

    staff_client.post(f"{at}/refusal", sent | {"is_partly": "on"})

    assert view(at).state is State.PARTLY_REFUSED
    assert standing.standing_now(ada.id).objections == {"improving"}
    assert "Improving answers" in letters()[0]


@pytest.mark.parametrize("purpose", ["security", "chat_answer", "nothing"])
def test_a_purpose_without_a_switch_cannot_be_shut(
    staff_client: Client, ada: Person, overlay: Callable[[str], None], purpose: str
) -> None:
    overlay(IMPROVING)
    at = by_post(ada, Right.OBJECTION)

    sent = {"words": "", "purposes": [purpose]}
    assert staff_client.post(f"{at}/answer", sent).status_code == 422

    assert view(at).is_open
    assert not Choice.objects.exists()


def test_somebody_without_an_account_is_answered_and_nobody_is_frozen(
    staff_client: Client,
) -> None:
    made = desk.record_request(
        contact=Contact(name="Grace", post="1 Harbour Street"),
        right=Right.RESTRICTION,
        channel=Channel.POST,
        words="",
        received_on=date(2026, 11, 27),
        by="console",
    )
    desk.identify(request_id=made, proof=Proof.DOCUMENT, by="console")

    staff_client.post(f"/staff/requests/{made}/answer", {"words": "There is nothing."})

    assert queries.request(made).state is State.DELIVERED
    assert not Choice.objects.exists()


def test_staff_lift_a_freeze_a_week_after_they_have_said_so(
    staff_client: Client, ada: Person
) -> None:
    at = by_post(ada, Right.RESTRICTION)
    staff_client.post(f"{at}/answer", {"words": ""})
    letters()
    mail.outbox.clear()

    assert staff_client.post(f"{at}/lifting", {"words": ""}).status_code == 422
    sent = {"words": "The entry is put right."}
    assert staff_client.post(f"{at}/lifting", sent).status_code == 302
    [letter] = letters()
    assert "Dec. 5, 2026" in letter
    assert "The entry is put right." in letter
    assert staff_client.post(f"{at}/lifting", sent).status_code == 422  # once is enough

    with time_machine.travel("2026-12-04T22:59:59Z", tick=False):
        jobs.lift_announced()
        assert standing.standing_now(ada.id).is_restricted
    with time_machine.travel("2026-12-04T23:00:00Z", tick=False):  # midnight in Paris
        jobs.lift_announced()
        jobs.lift_announced()
    assert not standing.standing_now(ada.id).is_restricted
    assert [step.kind for step in view(at).steps].count(StepKind.LIFTED) == 1
    assert StaffAct.objects.order_by("number").last().verb == "request.lift"  # type: ignore[union-attr]


def test_a_freeze_that_its_person_turned_on_since_is_not_lifted(
    staff_client: Client, ada: Person
) -> None:
    at = by_post(ada, Right.RESTRICTION)
    staff_client.post(f"{at}/answer", {"words": ""})
    staff_client.post(f"{at}/lifting", {"words": "The entry is put right."})

    with time_machine.travel("2026-11-30T10:00:00Z", tick=False):
        choices.lift(person_id=ada.id)
        choices.restrict(person_id=ada.id)
    with time_machine.travel("2026-12-06T10:00:00Z", tick=False):
        jobs.lift_announced()

    assert standing.standing_now(ada.id).is_restricted
    assert view(at).steps[-1].kind is StepKind.LIFTED


def test_a_person_ends_the_freeze_of_the_desk_alone(staff_client: Client, ada: Person) -> None:
    at = by_post(ada, Right.RESTRICTION)
    staff_client.post(f"{at}/answer", {"words": ""})

    choices.lift(person_id=ada.id)

    assert not standing.standing_now(ada.id).is_restricted
    assert "The account is frozen" not in staff_client.get(at).content.decode()
    assert staff_client.post(f"{at}/lifting", {"words": "Gone."}).status_code == 422


def test_the_console_turns_the_same_switches(ada: Person, overlay: Callable[[str], None]) -> None:
    overlay(IMPROVING)
    reference = view(by_post(ada, Right.OBJECTION)).reference
    arguments = parser().parse_args(
        ["privacy", "request", "deliver", reference, "--author", "Nora", "--purpose", "improving"]
    )
    assert privacy_requests.deliver(arguments) == 0

    assert standing.standing_now(ada.id).objections == {"improving"}


def test_what_people_did_alone_is_in_the_lists_of_the_desk(
    staff_client: Client, ada: Person
) -> None:
    choices.restrict(person_id=ada.id)
    [case] = queries.requests_of(ada.id)

    assert "done by the person alone" in " ".join(
        staff_client.get(f"/staff/requests/{case.id}").content.decode().split()
    )
    assert str(case.id) in staff_client.get("/staff/requests/answered").content.decode()


def _grounds(client: Client, at: str) -> list[str]:
    page = client.get(at).content.decode()
    parts = page.split('name="ground" value="')[1:]
    return [part.split('"')[0] for part in parts]
