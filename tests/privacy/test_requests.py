"""A request about somebody's data: its clock, its states, its refusals."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core.ids import new_id
from bluegpt.privacy.errors.requests import (
    ExtensionRefused,
    NotIdentified,
    ReceiptImpossible,
    SecondPersonMissing,
    UnknownGround,
    UnknownRequest,
    WordsMissing,
    WordsTooLong,
    WrongState,
)
from bluegpt.privacy.models import Request, RequestStep
from bluegpt.privacy.queries import requests as queries
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import requests as desk
from bluegpt.privacy.types.requests import Channel, Contact, Proof, RequestId, State, StepKind
from bluegpt.privacy.types.rights import Right

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]

EMAIL = "nadia@example.org"
WORDS = "Please send me everything, in blue ink."
STAFF = "Solène"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is noon of 12 January 2026, a Monday."""
    with time_machine.travel(datetime(2026, 1, 12, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def nadia() -> Person:
    return people.create_person(email=EMAIL, password="Correct-horse-9-battery")


@pytest.fixture
def asked(nadia: Person) -> RequestId:
    return desk.open_request(person_id=nadia.id, right=Right.ACCESS, words=WORDS)


def kinds(request_id: RequestId) -> list[StepKind]:
    return [step.kind for step in queries.request(request_id).steps]


def written(right: Right = Right.ACCESS, *, channel: Channel = Channel.POST) -> RequestId:
    return desk.record_request(
        contact=Contact(name="Nadia", email=EMAIL, post="1 rue Bleue, Paris"),
        right=right,
        channel=channel,
        words=WORDS,
        received_on=date(2026, 1, 9),
        by=STAFF,
    )


def test_a_request_from_the_account_is_identified_at_once(nadia: Person) -> None:
    request_id = desk.open_request(person_id=nadia.id, right=Right.ACCESS, words=WORDS)

    found = queries.own_request(person_id=nadia.id, request_id=request_id)
    assert (found.state, found.proof, found.words) == (State.IDENTIFIED, Proof.SESSION, WORDS)
    assert (found.received_on, found.due_on) == (date(2026, 1, 12), date(2026, 2, 12))
    assert found.contact.email == EMAIL
    assert [(step.kind, step.by) for step in found.steps] == [
        (StepKind.RECEIVED, "person"),
        (StepKind.IDENTIFIED, "person"),
    ]


def test_without_a_fresh_log_in_the_clock_runs_while_the_request_waits(nadia: Person) -> None:
    request_id = desk.open_request(person_id=nadia.id, right=Right.ACCESS, is_fresh=False)

    found = queries.request(request_id)
    assert (found.state, found.due_on) == (State.RECEIVED, date(2026, 2, 12))
    with pytest.raises(NotIdentified):
        desk.deliver(request_id=request_id, by=STAFF)


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.POST, Channel.FORM])
def test_every_way_in_starts_the_same_clock_on_the_day_of_receipt(
    nadia: Person, channel: Channel
) -> None:
    request_id = written(channel=channel)

    found = queries.request(request_id)
    assert found.person_id == nadia.id  # filed where its owner sees it
    assert (found.words, found.contact.name) == (WORDS, "Nadia")
    assert (found.state, found.proof, found.channel) == (State.RECEIVED, Proof.NONE, channel)
    assert (found.received_on, found.due_on) == (date(2026, 1, 9), date(2026, 2, 9))


def test_somebody_without_an_account_can_ask_too() -> None:
    request_id = written()

    found = queries.request(request_id)
    assert found.has_account is False
    assert found.contact.post == "1 rue Bleue, Paris"


def test_words_names_and_addresses_are_not_in_the_tables_in_clear(asked: RequestId) -> None:
    desk.ask_clarification(request_id=asked, words="Which blue ink?", by=STAFF)

    rows = [
        *Request.objects.values_list("words_sealed", "contact_sealed"),
        *RequestStep.objects.values_list("words_sealed"),
    ]
    stored = b"".join(bytes(value) for row in rows for value in row)
    assert b"blue" not in stored
    assert b"nadia" not in stored
    assert "blue" in queries.request(asked).words


def test_a_question_back_does_not_move_the_day_of_receipt_or_the_due_date(
    asked: RequestId, clock: time_machine.Traveller
) -> None:
    before = queries.request(asked)

    desk.ask_clarification(request_id=asked, words="Of which year?", by=STAFF)
    clock.shift(timedelta(days=20))
    desk.clarify(request_id=asked, words="Of last year.")

    after = queries.request(asked)
    assert (after.received_on, after.due_on) == (before.received_on, before.due_on)
    assert [step.words for step in after.steps[-2:]] == ["Of which year?", "Of last year."]


def test_a_request_walks_through_its_states(asked: RequestId) -> None:
    desk.collect(request_id=asked, by=STAFF)
    desk.review(request_id=asked, by=STAFF)
    desk.deliver(request_id=asked, by=STAFF, words="Here it is.")
    desk.close(request_id=asked, by=STAFF)

    found = queries.request(asked)
    assert found.state is State.CLOSED
    assert (found.decided_at, found.closed_at) == (found.steps[-2].at, found.steps[-1].at)
    assert [(step.kind, step.by) for step in found.steps[2:]] == [
        (StepKind.COLLECTING, STAFF),
        (StepKind.REVIEWING, STAFF),
        (StepKind.DELIVERED, STAFF),
        (StepKind.CLOSED, STAFF),
    ]


def test_nothing_is_decided_twice_and_nothing_closes_undecided(asked: RequestId) -> None:
    with pytest.raises(WrongState):
        desk.close(request_id=asked, by=STAFF)
    desk.deliver(request_id=asked, by=STAFF)

    for again in (desk.deliver, desk.withdraw, desk.collect):
        with pytest.raises(WrongState):
            again(request_id=asked, by=STAFF)
    with pytest.raises(WrongState):
        desk.clarify(request_id=asked, words="One more thing.")
    assert kinds(asked)[-1] is StepKind.DELIVERED


def test_a_refusal_names_a_coded_ground_and_how_it_applies(asked: RequestId) -> None:
    desk.refuse(
        request_id=asked, ground="excessive", words="Answered on 3 January already.", by=STAFF
    )

    found = queries.request(asked)
    assert found.state is State.REFUSED
    assert (found.steps[-1].code, found.steps[-1].words) == (
        "excessive",
        "Answered on 3 January already.",
    )


@pytest.mark.parametrize("ground", ["", "because", "legal_duty", "not_portable"])
def test_a_refusal_in_free_words_or_on_another_rights_ground_is_impossible(
    asked: RequestId, ground: str
) -> None:
    for refuse in (desk.refuse, desk.partly_refuse):
        with pytest.raises(UnknownGround):
            refuse(request_id=asked, ground=ground, words="We would rather not.", by=STAFF)

    assert queries.request(asked).is_open


def test_a_refusal_without_a_word_on_the_case_is_impossible(asked: RequestId) -> None:
    with pytest.raises(WordsMissing):
        desk.refuse(request_id=asked, ground="excessive", words="  ", by=STAFF)
    with pytest.raises(WordsTooLong):
        desk.refuse(request_id=asked, ground="excessive", words="x" * 4_001, by=STAFF)


def test_taking_back_a_consent_is_refused_on_identity_alone(nadia: Person) -> None:
    grounds = manifest().rights.rights[Right.WITHDRAWAL].refusals
    request_id = desk.open_request(person_id=nadia.id, right=Right.WITHDRAWAL)

    assert grounds == ("identity_not_shown",)
    with pytest.raises(UnknownGround):
        desk.refuse(request_id=request_id, ground="excessive", words="Again?", by=STAFF)


@pytest.mark.parametrize(("by_months", "due_on"), [(1, date(2026, 3, 12)), (2, date(2026, 4, 13))])
def test_a_term_is_extended_from_the_day_of_receipt(
    asked: RequestId, by_months: int, due_on: date
) -> None:
    desk.extend(request_id=asked, by_months=by_months, words="There is much of it.", by=STAFF)

    found = queries.request(asked)
    assert (found.due_on, found.is_extended) == (due_on, True)
    assert (found.steps[-1].kind, found.steps[-1].code) == (StepKind.EXTENDED, due_on.isoformat())


@pytest.mark.parametrize("by_months", [-1, 0, 3, 12])
def test_a_longer_extension_than_two_months_is_refused(asked: RequestId, by_months: int) -> None:
    with pytest.raises(ExtensionRefused):
        desk.extend(request_id=asked, by_months=by_months, words="Much of it.", by=STAFF)


def test_an_extension_is_told_within_the_first_month(
    asked: RequestId, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 2, 13, 1, tzinfo=UTC))
    with pytest.raises(ExtensionRefused):
        desk.extend(request_id=asked, by_months=2, words="There is much of it.", by=STAFF)

    clock.move_to(datetime(2026, 2, 12, 20, tzinfo=UTC))
    desk.extend(request_id=asked, by_months=2, words="There is much of it.", by=STAFF)

    assert queries.request(asked).is_extended


def test_a_term_is_extended_once_and_with_a_reason(asked: RequestId) -> None:
    with pytest.raises(WordsMissing):
        desk.extend(request_id=asked, by_months=1, words="", by=STAFF)
    desk.extend(request_id=asked, by_months=1, words="There is much of it.", by=STAFF)

    with pytest.raises(ExtensionRefused):
        desk.extend(request_id=asked, by_months=1, words="Still.", by=STAFF)


def test_no_step_stops_a_clock_for_force_majeure_or_anything_else() -> None:
    words = {kind.value for kind in StepKind} | {state.value for state in State}

    assert not [word for word in words if "pause" in word or "suspend" in word or "force" in word]
    assert not hasattr(desk, "pause")


def test_a_day_of_receipt_lies_in_the_last_year() -> None:
    for received_on in (date(2026, 1, 13), date(2024, 12, 1)):
        with pytest.raises(ReceiptImpossible):
            desk.record_request(
                contact=Contact(email=EMAIL),
                right=Right.ACCESS,
                channel=Channel.EMAIL,
                words="",
                received_on=received_on,
                by=STAFF,
            )


def test_a_request_needs_an_address_to_answer_to() -> None:
    with pytest.raises(WordsMissing):
        desk.record_request(
            contact=Contact(name="Nadia"),
            right=Right.ACCESS,
            channel=Channel.POST,
            words=WORDS,
            received_on=date(2026, 1, 12),
            by=STAFF,
        )


def test_somebody_elses_request_does_not_exist(asked: RequestId) -> None:
    with pytest.raises(UnknownRequest):
        queries.own_request(person_id=new_id(), request_id=asked)


def test_a_step_is_never_changed(asked: RequestId) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        RequestStep.objects.filter(request_id=asked).update(by="nobody")


def test_a_complaint_is_decided_by_somebody_who_decided_nothing_else(nadia: Person) -> None:
    refused = desk.open_request(person_id=nadia.id, right=Right.ERASURE, words=WORDS)
    desk.refuse(request_id=refused, ground="excessive", words="Done already.", by=STAFF)
    complaint = desk.open_request(person_id=nadia.id, right=Right.COMPLAINT, words="Not so!")

    assert StepKind.ESCALATED in kinds(complaint)
    with pytest.raises(SecondPersonMissing):
        desk.deliver(request_id=complaint, by=STAFF, words="We stand by it.")
    desk.deliver(request_id=complaint, by="Armand", words="You are right.")


def test_what_waits_is_listed_by_urgency(nadia: Person) -> None:
    later = desk.open_request(person_id=nadia.id, right=Right.ACCESS)
    sooner = written()
    done = desk.open_request(person_id=nadia.id, right=Right.PORTABILITY)
    desk.fulfil(request_id=done, by="person")

    assert [found.id for found in queries.open_requests()] == [sooner, later]
    assert queries.open_request_count() == 2
    assert [found.id for found in queries.decided_requests()] == [done]
    assert {found.id for found in queries.requests_of(nadia.id)} == {sooner, later, done}
