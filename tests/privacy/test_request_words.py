"""After the erasure of an account its requests still prove what became of them, without a word."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.core import mail

from bluegpt.accounts.models import Person
from bluegpt.core import clock
from bluegpt.core.models import AppliedErasure
from bluegpt.core.personal_data import DataClass
from bluegpt.core.worker import Worker
from bluegpt.ops.commands import privacy_requests
from bluegpt.ops.parser import parser
from bluegpt.privacy.models import Receipt, Request, RequestStep
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.services import erasing, request_words
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.receipts import ErasureScope
from bluegpt.privacy.types.requests import Channel, Contact, Proof, State, StepKind
from bluegpt.privacy.types.rights import Right
from bluegpt.vault.errors import ErasuresMissing
from bluegpt.vault.services import erasures, seal
from tests.privacy.belongings import Belongings, settle_down

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
WORDS = "My aunt's name is in a conversation."
ANSWER = "We found nothing about her."


@pytest.fixture
def ada() -> Belongings:
    return settle_down()


def asked(ada: Belongings) -> UUID:
    return desk.open_request(person_id=ada.person.id, right=Right.ACCESS, words=WORDS)


def erased(ada: Belongings) -> None:
    erasing.order(
        person_id=ada.person.id,
        scope=ErasureScope.ACCOUNT,
        typed=ada.person.email,
        language="en",
    )
    Worker().run_pending()
    assert not Person.objects.filter(id=ada.person.id).exists()


def sealed_rows(person_id: UUID) -> int:
    requests = Request.objects.filter(person_id=person_id)
    steps = RequestStep.objects.filter(request__person_id=person_id)
    values = [
        *requests.values_list("words_sealed", flat=True),
        *requests.values_list("contact_sealed", flat=True),
        *steps.values_list("words_sealed", flat=True),
    ]
    return sum(bool(bytes(value)) for value in values)


def living(person_id: UUID) -> int:
    return seal.living_keys(person_id=person_id, data_classes=[DataClass.REQUEST])


def test_what_remains_says_what_was_asked_decided_and_on_which_ground(
    ada: Belongings, capsys: pytest.CaptureFixture[str]
) -> None:
    # given a refusal and the erasure of the account afterwards
    request_id = asked(ada)
    desk.refuse(request_id=request_id, ground="excessive", words=ANSWER, by="Nora")
    desk.close(request_id=request_id, by="Nora")
    before = queries.request(request_id)
    erased(ada)

    # then the case is found by the reference that its letters carry, and read
    left = queries.request_by_reference(before.reference)
    facts = [
        "right", "channel", "proof", "state", "received_on", "due_on", "decided_at", "closed_at",
    ]  # fmt: skip
    assert {name: getattr(left, name) for name in facts} == {
        name: getattr(before, name) for name in facts
    }
    assert [(each.kind, each.at, each.by, each.code) for each in left.steps] == [
        (each.kind, each.at, each.by, each.code) for each in before.steps
    ]
    refused = next(each for each in left.steps if each.kind is StepKind.REFUSED)
    assert (refused.code, refused.by) == ("excessive", "Nora")
    assert Request.objects.get(id=request_id).policy_digest  # which policy it was decided under

    # and holds no word, name or address
    assert (left.words, left.contact) == ("", Contact())
    assert not any(each.words for each in left.steps)
    assert sealed_rows(ada.person.id) == living(ada.person.id) == 0

    # and an operator who is asked by the authority can show it
    arguments = parser().parse_args(["privacy", "request", "show", before.reference])
    privacy_requests.show(arguments)
    told = capsys.readouterr().out
    for said in ("access", "closed", "refused", "Nora", str(before.received_on)):
        assert said in told
    assert WORDS not in told
    assert ada.person.email not in told


def test_the_receipt_and_the_case_of_an_erasure_lead_to_each_other(ada: Belongings) -> None:
    asked_before = asked(ada)
    desk.deliver(request_id=asked_before, by="Nora")
    desk.close(request_id=asked_before, by="Nora")
    erased(ada)

    receipt = Receipt.objects.get()
    case = queries.request_by_reference(receipt.document["request"])
    assert (case.right, case.state) == (Right.ERASURE, State.CLOSED)
    [given] = [each for each in case.steps if each.kind is StepKind.RECEIPT_GIVEN]
    assert given.code == receipt.document["number"]
    said = " ".join(stay["why"] for stay in receipt.document["stays"])
    assert "they hold no words, name or address" in said
    assert ada.person.email not in json.dumps(receipt.document)


def test_a_receipt_that_is_made_again_names_the_same_case(ada: Belongings) -> None:
    erased(ada)
    [case] = Request.objects.filter(person_id=ada.person.id, right=Right.ERASURE)
    number = Receipt.objects.get().id

    again = desk.end_erasure(person_id=ada.person.id, receipt_id=number)

    assert again == case.reference
    kinds = RequestStep.objects.filter(request=case).values_list("kind", flat=True)
    assert list(kinds).count(StepKind.RECEIPT_GIVEN) == 1


def test_what_is_still_to_be_answered_keeps_its_words_until_a_day_after_the_answer(
    ada: Belongings,
) -> None:
    # given a complaint that nobody has answered when the account is erased
    complaint = desk.open_request(person_id=ada.person.id, right=Right.COMPLAINT, words=WORDS)
    erased(ada)

    # then it can be answered
    found = queries.request(complaint)
    assert (found.words, found.contact.email) == (WORDS, ada.person.email)
    mail.outbox.clear()
    desk.deliver(request_id=complaint, by="Sam", words=ANSWER)
    desk.close(request_id=complaint, by="Sam")
    Worker().run_pending()
    assert [each.to for each in mail.outbox] == [[ada.person.email]] * 2
    assert ANSWER in mail.outbox[0].body
    assert queries.request(complaint).words == WORDS

    # and a day later nothing but the proof is left
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1), tick=False):
        Worker().run_pending()
    left = queries.request(complaint)
    assert (left.words, left.contact, left.state) == ("", Contact(), State.CLOSED)
    assert sealed_rows(ada.person.id) == living(ada.person.id) == 0


def test_words_end_with_the_last_of_the_requests_and_not_before(ada: Belongings) -> None:
    first, second = asked(ada), asked(ada)
    erased(ada)

    desk.deliver(request_id=first, by="Nora")
    desk.close(request_id=first, by="Nora")
    assert not request_words.end(ada.person.id)
    assert queries.request(second).words == WORDS

    desk.withdraw(request_id=second)
    desk.close(request_id=second, by="Nora")
    assert request_words.end(ada.person.id)
    assert sealed_rows(ada.person.id) == 0


def test_an_account_that_is_open_keeps_the_words_of_its_requests(ada: Belongings) -> None:
    request_id = asked(ada)
    desk.deliver(request_id=request_id, by="Nora")
    desk.close(request_id=request_id, by="Nora")
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        Worker().run_pending()

    assert not request_words.end(ada.person.id)
    assert queries.request(request_id).words == WORDS


def test_somebody_without_an_account_is_answered_as_before() -> None:
    request_id = desk.record_request(
        contact=Contact(name="Grace", post="1 Harbour Street"),
        right=Right.ACCESS,
        channel=Channel.POST,
        words=WORDS,
        received_on=desk.today(),
        by="Nora",
    )
    desk.identify(request_id=request_id, proof=Proof.DOCUMENT, by="Nora")
    desk.deliver(request_id=request_id, by="Nora")
    desk.close(request_id=request_id, by="Nora")
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        Worker().run_pending()

    assert queries.request(request_id).words == WORDS


def test_words_that_a_restored_backup_brings_back_end_again(ada: Belongings) -> None:
    complaint = desk.open_request(person_id=ada.person.id, right=Right.COMPLAINT, words=WORDS)
    erased(ada)
    desk.deliver(request_id=complaint, by="Sam")
    desk.close(request_id=complaint, by="Sam")
    assert request_words.end(ada.person.id)
    AppliedErasure.objects.filter(kind=request_words.KIND).delete()
    Request.objects.filter(id=complaint).update(words_sealed=b"back")
    with pytest.raises(ErasuresMissing):
        erasures.insist_on_replay()

    erasures.replay()

    assert sealed_rows(ada.person.id) == 0
    erasures.insist_on_replay()
