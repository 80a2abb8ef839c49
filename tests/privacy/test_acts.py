"""What people do alone on their pages is in the register of requests, answered by the act."""

from datetime import timedelta

import pytest
from django.core import mail

from bluegpt.accounts.events import AddressChanged
from bluegpt.core import clock
from bluegpt.core.events import publish
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.core.worker import Worker
from bluegpt.privacy.models import Archive, Disclosure, Request, RequestStep
from bluegpt.privacy.services import archives, choices, consents, erasing, recipient_notices
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.archives import ArchiveKind, ArchiveState
from bluegpt.privacy.types.consents import ConsentAction, ConsentMethod, Deciding, Screen
from bluegpt.privacy.types.receipts import ErasureScope
from bluegpt.privacy.types.requests import Channel, Proof, State
from bluegpt.privacy.types.rights import Right
from tests.privacy.belongings import Belongings, settle_down

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]


@pytest.fixture
def ada() -> Belongings:
    return settle_down()


def cases(ada: Belongings) -> list[Request]:
    return list(Request.objects.filter(person_id=ada.person.id, channel=Channel.ACT))


def the_case(ada: Belongings, right: Right) -> Request:
    (case,) = cases(ada)
    assert case.right == right
    assert case.proof == Proof.ACCOUNT
    assert case.received_on == desk.today()
    return case


def assert_closed(case: Request) -> None:
    assert case.state == State.CLOSED
    assert case.decided_at is not None
    assert case.closed_at is not None
    kinds = RequestStep.objects.filter(request=case).order_by("id").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["delivered", "closed"]


def test_a_freeze_is_a_case_that_is_closed_by_it_and_nobody_is_written(ada: Belongings) -> None:
    Worker().run_pending()
    mail.outbox.clear()

    choices.restrict(person_id=ada.person.id)
    choices.restrict(person_id=ada.person.id)  # it holds already
    choices.lift(person_id=ada.person.id)

    assert_closed(the_case(ada, Right.RESTRICTION))
    Worker().run_pending()
    assert mail.outbox == []


def test_a_withdrawn_consent_is_a_case_and_a_given_one_is_none(ada: Belongings) -> None:
    for action in (ConsentAction.GIVEN, ConsentAction.REFUSED, ConsentAction.WITHDRAWN):
        consents.decide(
            Deciding(
                person_id=ada.person.id,
                device="",
                decisions={"audience": action},
                method=ConsentMethod.FORM,
                screen=Screen(text="May we?", language="en"),
                expires_at=clock.now() + timedelta(days=90),
            )
        )

    assert_closed(the_case(ada, Right.WITHDRAWAL))


@pytest.mark.parametrize(
    ("kind", "right"),
    [(ArchiveKind.ACCESS, Right.ACCESS), (ArchiveKind.PORTABLE, Right.PORTABILITY)],
)
def test_an_archive_is_a_case_once_it_was_taken(
    ada: Belongings, kind: ArchiveKind, right: Right
) -> None:
    archive_id = archives.ask(person_id=ada.person.id, kind=kind, language="en")
    Archive.objects.filter(id=archive_id).update(state=ArchiveState.READY, ready_at=clock.now())
    assert cases(ada) == []

    archives.take(person_id=ada.person.id, archive_id=archive_id)

    assert_closed(the_case(ada, right))


def test_another_address_is_a_modification(ada: Belongings) -> None:
    publish(AddressChanged(person_id=ada.person.id))

    Worker().run_pending()

    assert_closed(the_case(ada, Right.MODIFICATION))


def test_an_erasure_is_open_until_its_receipt_and_then_names_nobody(ada: Belongings) -> None:
    erasing.order(
        person_id=ada.person.id,
        scope=ErasureScope.ACCOUNT,
        typed=ada.person.email,
        language="en",
    )
    case = the_case(ada, Right.ERASURE)
    assert case.decided_at is None

    Worker().run_pending()

    assert_closed(the_case(ada, Right.ERASURE))
    assert bytes(case.contact_sealed) == bytes(case.words_sealed) == b""


@pytest.mark.parametrize(
    ("recipient", "days_ago", "is_told"),
    [("openai", 0, True), ("openai", 29, True), ("openai", 31, False), ("sandbox", 0, False)],
)
def test_an_erasure_is_told_to_those_who_may_still_hold_something(
    recipient: str, days_ago: int, *, is_told: bool
) -> None:
    person_id = new_id()
    Disclosure.objects.create(
        call_id=new_id(),
        person_id=person_id,
        at=clock.now() - timedelta(days=days_ago),
        purpose="chat_answer",
        basis="contract",
        recipient=recipient,
        country="US",
        transfer_basis="scc",
        data_classes="content",
        policy_digest="0" * 64,
    )
    case_id = desk.note_act(person_id=person_id, right=Right.ERASURE, is_done=False)

    named = recipient_notices.name_recipients(
        request_id=case_id, data_classes={DataClass.CONTENT}, by=desk.BY_DESK
    )

    assert named == ((recipient,) if is_told else ())
