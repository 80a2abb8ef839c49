"""Evidence about staff, recipients, complaints and documents is lost with what it says."""

from datetime import timedelta
from uuid import UUID

import pytest

from bluegpt.accounts.services.people import create_person
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import Disclosure, IdentityDocument, Request, RequestStep, StaffGrant
from bluegpt.privacy.queries.evidence import desk, recipients, requests
from bluegpt.privacy.queries.manifest import policy_digest
from bluegpt.privacy.rules import clearing, staffing
from bluegpt.privacy.services.identity_documents import ask_document
from bluegpt.privacy.services.requests import open_request
from bluegpt.privacy.types.requests import StepKind
from bluegpt.privacy.types.rights import Right
from bluegpt.privacy.types.staff import Area

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

DAY = timedelta(days=1)


def granted(role: str, *, days: int = 30, ago: int = 0) -> UUID:
    given = clock.now() - ago * DAY
    person_id = new_id()
    StaffGrant.objects.create(
        person_id=person_id, role=role, granted_at=given, ends_at=given + days * DAY
    )
    return person_id


@pytest.fixture
def asker() -> UUID:
    return create_person(email="ada@example.org", password="Plum-7 tractors sing").id


def test_a_role_that_the_policy_does_not_describe_is_noticed() -> None:
    granted("audit")
    assert desk.roles().startswith("1 people")

    granted("wizard")

    with pytest.raises(NoEvidence, match="wizard"):
        desk.roles()


@pytest.mark.parametrize("seen", [DataClass.CONTENT, DataClass.REQUEST])
def test_a_page_that_shows_more_than_a_role_may_see_is_noticed(
    monkeypatch: pytest.MonkeyPatch, seen: DataClass
) -> None:
    granted("audit")
    assert desk.roles()

    monkeypatch.setitem(staffing.SHOWN, Area.LOG, frozenset({seen}))

    with pytest.raises(NoEvidence, match=seen):
        desk.roles()


def test_a_role_that_is_held_too_long_is_noticed() -> None:
    granted("audit")
    assert desk.endings().startswith("1 roles are in force")

    granted("audit", days=120)

    with pytest.raises(NoEvidence, match="longer"):
        desk.endings()


def test_a_role_that_ended_and_still_opens_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    granted("audit", days=1, ago=2)
    assert "1 people whose roles" in desk.endings()

    monkeypatch.setattr(desk, "areas_of", lambda _person_id: frozenset({Area.LOG}))

    with pytest.raises(NoEvidence, match="still opens"):
        desk.endings()


def test_a_gate_that_opens_to_another_address_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hosts are declared" in recipients.addresses()

    monkeypatch.setattr(clearing, "check_route", lambda *_args, **_named: None)

    with pytest.raises(NoEvidence, match="not declared"):
        recipients.addresses()


def test_somebody_who_received_something_and_is_not_on_the_list_is_noticed() -> None:
    Disclosure.objects.create(
        call_id=new_id(),
        person_id=new_id(),
        at=clock.now(),
        purpose="chat_answer",
        recipient="stranger",
        policy_digest=policy_digest(),
    )

    with pytest.raises(NoEvidence, match="stranger"):
        recipients.addresses()


@pytest.mark.parametrize("is_decided", [True, False])
def test_a_complaint_that_is_or_was_late_is_noticed(asker: UUID, is_decided: bool) -> None:
    request_id = open_request(person_id=asker, right=Right.COMPLAINT)
    assert "cnil.fr" in requests.complaints_are_answered()

    today = clock.now().date()
    Request.objects.filter(id=request_id).update(
        received_on=today - 40 * DAY,
        due_on=today - 9 * DAY,
        decided_at=clock.now() if is_decided else None,
    )

    with pytest.raises(NoEvidence, match="late"):
        requests.complaints_are_answered()


def test_a_complaint_that_nobody_took_up_is_noticed(asker: UUID) -> None:
    known = open_request(person_id=asker, right=Right.ACCESS)

    Request.objects.filter(id=known).update(right=Right.COMPLAINT.value)

    with pytest.raises(NoEvidence, match="not taken up"):
        requests.complaints_are_answered()


def test_a_document_that_one_person_alone_asked_for_is_noticed(asker: UUID) -> None:
    request_id = open_request(person_id=asker, right=Right.ACCESS, is_fresh=False)
    ask_document(request_id=request_id, doubt="Another name.", by="anna", second_by="ben")
    assert requests.documents_rest_on_a_doubt().startswith("1 documents")

    RequestStep.objects.create(
        request_id=request_id,
        kind=StepKind.DOCUMENT_ASKED.value,
        at=clock.now(),
        by="anna",
        second_by="anna",
    )

    with pytest.raises(NoEvidence, match="two people"):
        requests.documents_rest_on_a_doubt()


@pytest.mark.parametrize("is_decided", [True, False])
def test_a_document_that_nobody_asked_for_or_that_stayed_is_noticed(
    asker: UUID, is_decided: bool
) -> None:
    request_id = open_request(person_id=asker, right=Right.ACCESS, is_fresh=False)
    if is_decided:
        ask_document(request_id=request_id, doubt="Another name.", by="anna", second_by="ben")
        Request.objects.filter(id=request_id).update(decided_at=clock.now())

    IdentityDocument.objects.create(
        request_id=request_id, media_type="image/png", received_at=clock.now(), copy_sealed=b"x"
    )

    with pytest.raises(NoEvidence, match="1 documents"):
        requests.documents_rest_on_a_doubt()
