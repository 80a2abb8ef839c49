"""What people are written about their requests, and how they show who they are."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import closing, people
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.requests import (
    DocumentNotAsked,
    DocumentNotMasked,
    SecondPersonMissing,
    UnknownRequest,
    WrongCode,
    WrongState,
)
from bluegpt.privacy.models import Disclosure, IdentityDocument
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import (
    identity_documents,
    recipient_notices,
    request_clocks,
    request_codes,
    request_letters,
    yearly_checks,
)
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.requests import Channel, Contact, Proof, RequestId, State, StepKind
from bluegpt.privacy.types.rights import Right
from bluegpt.vault.models import ClassKey

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]

EMAIL = "nadia@example.org"
STAFF = "Solène"
COPY = b"a masked copy, with a name and a year"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 1, 12, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def nadia() -> Person:
    person = people.create_person(email=EMAIL, password="Correct-horse-9-battery")
    mail.outbox.clear()
    return person


@pytest.fixture
def asked(nadia: Person) -> RequestId:
    return desk.open_request(person_id=nadia.id, right=Right.ACCESS)


def written(email: str = EMAIL) -> RequestId:
    request_id = desk.record_request(
        contact=Contact(email=email),
        right=Right.ACCESS,
        channel=Channel.FORM,
        words="Everything, please.",
        received_on=date(2026, 1, 12),
        by="person",
    )
    request_codes.send_code(request_id=request_id)
    return request_id


def last_letter() -> EmailMessage:
    letter: EmailMessage = mail.outbox[-1]
    return letter


def code_in(letter: EmailMessage) -> str:
    found = re.search(r"^ {4}([A-Z2-7]{8})$", str(letter.body), re.MULTILINE)
    assert found is not None, letter.body
    return found[1]


def test_a_request_is_acknowledged_with_its_reference_and_its_date(asked: RequestId) -> None:
    letter = last_letter()

    assert letter.to == [EMAIL]
    assert queries.request(asked).reference in letter.subject
    assert "Feb. 12, 2026" in letter.body


def test_every_refusal_names_its_ground_its_law_and_the_authority(asked: RequestId) -> None:
    desk.refuse(request_id=asked, ground="excessive", words="Answered on 3 January.", by=STAFF)

    letter = last_letter().body
    for expected in ("GDPR, Art. 12(5)(b)", "Answered on 3 January.", "CNIL", "cnil.fr"):
        assert expected in letter


def test_the_way_to_the_authority_stands_in_every_letter_of_refusal_and_of_closing(
    nadia: Person,
) -> None:
    for decide in ("refuse", "partly_refuse", "deliver", "withdraw"):
        request_id = desk.open_request(person_id=nadia.id, right=Right.ACCESS)
        if decide in {"refuse", "partly_refuse"}:
            ground, words = "rights_of_others", "A letter of somebody else."
            getattr(desk, decide)(request_id=request_id, ground=ground, words=words, by=STAFF)
            assert manifest().operator.authority_url in last_letter().body, decide
        else:
            getattr(desk, decide)(request_id=request_id, by=STAFF)
        desk.close(request_id=request_id, by=STAFF)
        assert manifest().operator.authority_url in last_letter().body, decide


def test_letters_are_in_the_persons_language(nadia: Person) -> None:
    people.set_language(person_id=nadia.id, language="fr")
    request_id = desk.open_request(person_id=nadia.id, right=Right.ERASURE)
    desk.extend(request_id=request_id, by_months=2, words="Il y en a beaucoup.", by=STAFF)

    letter = last_letter()
    assert "Faire effacer des données" in letter.subject
    assert "Il nous faut plus d’un mois" in letter.body
    assert "13 avril 2026" in letter.body


def test_a_question_back_says_that_the_date_stays(asked: RequestId) -> None:
    desk.ask_clarification(request_id=asked, words="Of which year?", by=STAFF)

    assert "Feb. 12, 2026, stays as it is" in last_letter().body
    assert "Of which year?" in last_letter().body


def test_a_letter_can_be_printed_for_the_post() -> None:
    request_id = desk.record_request(
        contact=Contact(name="Nadia", post="1 rue Bleue, Paris"),
        right=Right.ACCESS,
        channel=Channel.POST,
        words="",
        received_on=date(2026, 1, 12),
        by=STAFF,
    )
    [received] = queries.request(request_id).steps

    subject, text = request_letters.drawn_up(request_id=request_id, step_id=received.id)

    assert mail.outbox == []
    assert queries.request(request_id).reference in subject
    assert "Feb. 12, 2026" in text


def test_the_code_from_the_mail_shows_who_asks(nadia: Person) -> None:
    request_id = written()
    found = queries.request(request_id)

    request_codes.confirm_code(reference=found.reference, code=code_in(last_letter()).lower())

    after = queries.request(request_id)
    assert (after.state, after.proof, after.person_id) == (State.IDENTIFIED, Proof.CODE, nadia.id)


def test_an_unknown_address_gets_the_same_mail_word_for_word(nadia: Person) -> None:
    known, unknown = written(), written("nobody@example.org")

    letters = [letter for letter in mail.outbox if letter.body]
    texts = {}
    for request_id, letter in zip((known, unknown), letters, strict=True):
        text = f"{letter.subject}\n{letter.body}"
        for secret in (code_in(letter), queries.request(request_id).reference):
            text = text.replace(secret, "#")
        texts[request_id] = text
    assert texts[known] == texts[unknown]
    assert [step.kind for step in queries.request(known).steps] == [
        step.kind for step in queries.request(unknown).steps
    ]


def test_a_wrong_code_counts_and_the_fifth_ends_it() -> None:
    request_id = written()
    reference, code = queries.request(request_id).reference, code_in(last_letter())

    for _ in range(request_codes.TRIES_MAX):
        with pytest.raises(WrongCode):
            request_codes.confirm_code(reference=reference, code="AAAAAAAA")
    with pytest.raises(WrongCode):
        request_codes.confirm_code(reference=reference, code=code)

    assert queries.request(request_id).state is State.RECEIVED


def test_a_code_works_for_a_day_and_once(clock: time_machine.Traveller) -> None:
    request_id = written()
    reference, code = queries.request(request_id).reference, code_in(last_letter())
    clock.shift(timedelta(days=1, seconds=1))
    with pytest.raises(WrongCode):
        request_codes.confirm_code(reference=reference, code=code)

    request_codes.send_code(request_id=request_id)
    request_codes.confirm_code(reference=reference, code=code_in(last_letter()))
    with pytest.raises(WrongCode):
        request_codes.confirm_code(reference=reference, code=code_in(last_letter()))


def test_a_reference_that_nobody_has_looks_like_a_wrong_code() -> None:
    with pytest.raises(WrongCode):
        request_codes.confirm_code(reference="NOSUCHONE", code="AAAAAAAA")


def test_a_document_is_asked_for_on_a_written_doubt_of_two_people() -> None:
    request_id = written()

    for second_by in ("", STAFF, f" {STAFF.upper()} "):
        with pytest.raises(SecondPersonMissing):
            identity_documents.ask_document(
                request_id=request_id, doubt="Odd.", by=STAFF, second_by=second_by
            )
    with pytest.raises(DocumentNotAsked):
        identity_documents.record_document(
            request_id=request_id, copy=COPY, media_type="image/png", is_masked=True, by=STAFF
        )
    identity_documents.ask_document(
        request_id=request_id,
        doubt="Another name than the account's.",
        by=STAFF,
        second_by="Armand",
    )

    step = queries.request(request_id).steps[-1]
    assert (step.kind, step.by, step.second_by) == (StepKind.DOCUMENT_ASKED, STAFF, "Armand")
    assert "Another name than the account's." in last_letter().body


def test_a_document_is_gone_with_its_key_when_the_request_is_decided() -> None:
    # Given a masked copy, which can be read while it is needed.
    request_id = written()
    identity_documents.ask_document(
        request_id=request_id, doubt="Another name.", by=STAFF, second_by="Armand"
    )
    with pytest.raises(DocumentNotMasked):
        identity_documents.record_document(
            request_id=request_id, copy=COPY, media_type="image/png", is_masked=False, by=STAFF
        )
    identity_documents.record_document(
        request_id=request_id, copy=COPY, media_type="image/png", is_masked=True, by=STAFF
    )
    assert identity_documents.copy_of(request_id=request_id) == COPY
    with pytest.raises(WrongState):
        identity_documents.record_document(
            request_id=request_id, copy=COPY, media_type="image/png", is_masked=True, by=STAFF
        )
    desk.identify(request_id=request_id, proof=Proof.DOCUMENT, by=STAFF)

    # When the request is decided.
    desk.deliver(request_id=request_id, by=STAFF)

    # Then neither the copy nor its key is left, and that is written down.
    assert not IdentityDocument.objects.exists()
    assert not ClassKey.objects.filter(data_class=DataClass.IDENTITY_DOCUMENT.value).exists()
    with pytest.raises(DocumentNotAsked):
        identity_documents.copy_of(request_id=request_id)
    assert queries.request(request_id).steps[-1].kind is StepKind.DOCUMENT_DESTROYED


def test_a_correction_names_everybody_who_received_the_data_and_waits_until_they_are_told(
    nadia: Person, asked: RequestId
) -> None:
    for recipient, kinds in (("mistral", "content"), ("openai", "content metering")):
        Disclosure.objects.create(
            call_id=new_id(),
            person_id=nadia.id,
            at=datetime(2026, 1, 1, tzinfo=UTC),
            purpose="chat_answer",
            basis="contract",
            recipient=recipient,
            country="FR",
            transfer_basis="none",
            data_classes=kinds,
            policy_digest="0" * 64,
        )

    named = recipient_notices.name_recipients(
        request_id=asked, data_classes={DataClass.CONTENT}, by=STAFF
    )
    nobody = recipient_notices.name_recipients(
        request_id=asked, data_classes={DataClass.IDENTITY}, by=STAFF
    )
    recipient_notices.note_told(request_id=asked, recipient="openai", by=STAFF)

    assert (named, nobody) == (("mistral", "openai"), ())
    assert recipient_notices.waiting_to_be_told(request_id=asked) == ("mistral",)
    with pytest.raises(UnknownRequest):
        recipient_notices.note_told(request_id=asked, recipient="openai", by=STAFF)


def test_staff_are_told_at_half_at_four_fifths_and_at_the_end(
    asked: RequestId, clock: time_machine.Traveller
) -> None:
    marks = []
    for day in range(1, 40):
        clock.move_to(datetime(2026, 1, 12, 12, tzinfo=UTC) + timedelta(days=day))
        mail.outbox.clear()
        assert request_clocks.alert() + request_clocks.alert() == len(mail.outbox)
        marks += [(day, letter.to, letter.subject) for letter in mail.outbox]

    reference, operator = queries.request(asked).reference, [manifest().operator.email]
    assert marks == [
        (day, operator, f"Request {reference}: {percent} % of its term have passed")
        for day, percent in ((16, 50), (25, 80), (31, 100))
    ]


def test_a_question_back_pauses_no_alert_and_a_decision_ends_them(
    asked: RequestId, clock: time_machine.Traveller
) -> None:
    desk.ask_clarification(request_id=asked, words="Of which year?", by=STAFF)
    clock.shift(timedelta(days=20))
    assert request_clocks.alert() == 1

    desk.deliver(request_id=asked, by=STAFF)
    clock.shift(timedelta(days=20))

    assert request_clocks.alert() == 0


def test_a_complaint_reaches_staff_and_names_the_authority_to_the_person(nadia: Person) -> None:
    desk.open_request(person_id=nadia.id, right=Right.COMPLAINT, words="Nobody answers.")

    to_person = next(letter for letter in mail.outbox if letter.to == [EMAIL])
    to_staff = next(letter for letter in mail.outbox if letter.to != [EMAIL])
    assert "cnil.fr" in to_person.body
    assert to_staff.to == [manifest().operator.email]
    assert "cnil.fr" in to_staff.body


def test_people_are_asked_once_a_year_whether_their_details_are_right(
    nadia: Person, clock: time_machine.Traveller
) -> None:
    clock.shift(timedelta(days=364))
    assert yearly_checks.ask() == 0
    clock.shift(timedelta(days=2))

    assert [yearly_checks.ask(), yearly_checks.ask()] == [1, 0]
    assert EMAIL in last_letter().body
    clock.shift(timedelta(days=366))
    assert yearly_checks.ask() == 1


def test_whoever_closed_their_account_is_not_asked(
    nadia: Person, clock: time_machine.Traveller
) -> None:
    closing.close(person_id=nadia.id)
    mail.outbox.clear()
    clock.shift(timedelta(days=366))

    assert yearly_checks.ask() == 0
    assert mail.outbox == []
