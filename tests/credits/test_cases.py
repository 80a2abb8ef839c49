"""Cases: a contested line, a doubtful usage, and how they are answered."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection

from bluegpt.accounts.services import people
from bluegpt.core.ids import new_id
from bluegpt.credits.errors import (
    AlreadyDisputed,
    CaseAnswered,
    CorrectionTooLarge,
    DoubtUndecided,
    NothingToCorrect,
    UnknownCase,
    UnknownLine,
    WordlessCase,
    WordyCase,
)
from bluegpt.credits.models import Case, Transfer
from bluegpt.credits.queries import balances
from bluegpt.credits.queries import cases as case_queries
from bluegpt.credits.services import cases, doubts, ledger, lots
from bluegpt.credits.services.cases import Answer
from bluegpt.credits.types import CaseKind, CaseState, HoldState
from bluegpt.vault.services import seal
from tests.credits import books
from tests.credits.conftest import Clock

pytestmark = [
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
    pytest.mark.both_databases,
]

WORDS = "This answer was empty, and I paid 120."


@pytest.fixture
def charged(rich_person: UUID) -> UUID:
    """A call for which a person paid 120."""
    ticket = books.hold(rich_person, 300)
    books.settle(ticket.id, 120)
    return ticket.id


def _answer(case_id: UUID, words: str = "You are right.", amount: int = 0) -> None:
    cases.answer(Answer(case_id=case_id, author="anna", words=words, give_back_microcredits=amount))


def test_a_contested_call_waits_for_an_answer(rich_person: UUID, charged: UUID) -> None:
    case_id = cases.dispute(person_id=rich_person, hold_id=charged, words=f"  {WORDS}\n")

    [waiting] = case_queries.open_cases()
    assert (waiting.id, waiting.kind, waiting.state) == (case_id, CaseKind.DISPUTE, CaseState.OPEN)
    assert (waiting.hold_id, waiting.words, waiting.answer) == (charged, WORDS, "")
    assert case_queries.cases_of(rich_person) == (waiting,)
    assert case_queries.disputed_calls(person_id=rich_person, subjects=[charged, new_id()]) == {
        charged: case_id
    }


def test_what_a_person_wrote_is_sealed_in_the_table(rich_person: UUID, charged: UUID) -> None:
    case_id = cases.dispute(person_id=rich_person, hold_id=charged, words=WORDS)
    _answer(case_id, "We looked at it: the answer was empty.")

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM credits_case")
        row = b"".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for value in cursor.fetchone()
        )

    assert b"empty" not in row
    assert case_queries.case(case_id).answer == "We looked at it: the answer was empty."


def test_erased_words_are_gone_and_the_case_stays(rich_person: UUID, charged: UUID) -> None:
    case_id = cases.dispute(person_id=rich_person, hold_id=charged, words=WORDS)
    seal.destroy_keys(person_id=rich_person)

    _answer(case_id, "Too late to tell you.")

    kept = case_queries.case(case_id)
    assert (kept.state, kept.words, kept.answer) == (CaseState.ANSWERED, "", "")
    assert kept.answered_by == "anna"


def test_a_line_is_contested_once_however_it_is_named(rich_person: UUID, charged: UUID) -> None:
    group_id = Transfer.objects.get(kind="post").group_id
    case_id = cases.dispute(person_id=rich_person, hold_id=charged, words=WORDS)

    assert cases.dispute(person_id=rich_person, hold_id=charged, words=WORDS) == case_id
    assert cases.dispute(person_id=rich_person, group_id=group_id, words=WORDS) == case_id
    with pytest.raises(AlreadyDisputed) as refused:
        cases.dispute(person_id=rich_person, group_id=group_id, words="Something else.")

    assert refused.value.case_id == case_id
    assert Case.objects.count() == 1


def test_a_step_of_a_call_is_contested_as_its_call(rich_person: UUID) -> None:
    first, step_id = books.hold(rich_person, 100), new_id()
    ledger.hold_more(hold_id=first.id, step_id=step_id, amount_microcredits=100)
    books.settle(first.id, 150)

    case_id = cases.dispute(person_id=rich_person, hold_id=step_id, words=WORDS)

    assert case_queries.case(case_id).hold_id == first.id


def test_a_line_that_is_no_call_can_be_contested_too(
    person_id: UUID, price_version: int, database_clock: Clock
) -> None:
    lot_id = books.grant(person_id, 100, expires_at=database_clock.now + timedelta(days=1))
    database_clock.advance(24 * 3600)
    lots.expire(lot_id)
    expiry = Transfer.objects.get(code="expiry")

    case_id = cases.dispute(person_id=person_id, group_id=expiry.group_id, words=WORDS)

    found = case_queries.case(case_id)
    assert (found.hold_id, found.group_id) == (None, expiry.group_id)
    with pytest.raises(NothingToCorrect):
        _answer(case_id, amount=100)
    assert case_queries.case(case_id).state is CaseState.OPEN


def test_nobody_contests_the_line_of_another(rich_person: UUID, charged: UUID) -> None:
    group_id = Transfer.objects.get(kind="post").group_id
    stranger = new_id()
    books.grant(stranger, 10)

    with pytest.raises(UnknownLine):
        cases.dispute(person_id=stranger, hold_id=charged, words=WORDS)
    with pytest.raises(UnknownLine):
        cases.dispute(person_id=stranger, group_id=group_id, words=WORDS)
    with pytest.raises(UnknownLine):
        cases.dispute(person_id=new_id(), group_id=group_id, words=WORDS)


def test_only_what_was_charged_is_a_line(rich_person: UUID) -> None:
    under_way, stopped = books.hold(rich_person, 10), books.hold(rich_person, 10)
    ledger.release(hold_id=stopped.id, reason="stopped")

    for ticket in (under_way, stopped):
        with pytest.raises(UnknownLine):
            cases.dispute(person_id=rich_person, hold_id=ticket.id, words=WORDS)


def test_nobody_reads_the_case_of_another(rich_person: UUID, charged: UUID) -> None:
    case_id = cases.dispute(person_id=rich_person, hold_id=charged, words=WORDS)

    assert case_queries.own_case(person_id=rich_person, case_id=case_id).words == WORDS
    with pytest.raises(UnknownCase):
        case_queries.own_case(person_id=new_id(), case_id=case_id)


@pytest.mark.parametrize(("words", "refusal"), [(" \n ", WordlessCase), ("x" * 2_001, WordyCase)])
def test_a_case_has_words_and_not_too_many(
    rich_person: UUID, charged: UUID, words: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        cases.dispute(person_id=rich_person, hold_id=charged, words=words)
    case_id = cases.dispute(person_id=rich_person, hold_id=charged, words="x" * 2_000)
    with pytest.raises(refusal):
        _answer(case_id, words)


def test_an_answer_that_gives_back_is_a_reasoned_correction(
    rich_person: UUID, charged: UUID
) -> None:
    case_id = cases.dispute(person_id=rich_person, hold_id=charged, words=WORDS)

    _answer(case_id, amount=120)
    _answer(case_id, amount=120)

    line = Transfer.objects.get(kind="correct")
    assert (line.amount, line.author, line.reference) == (120, "anna", f"case:{case_id}")
    assert line.corrects_id == Transfer.objects.get(kind="post").id
    assert balances.balance(rich_person).available_microcredits == 1_000
    answered = case_queries.case(case_id)
    assert (answered.state, answered.answered_by) == (CaseState.ANSWERED, "anna")
    assert answered.given_back_microcredits == 120
    assert case_queries.open_cases() == ()
    assert books.broken() == []


def test_more_than_was_charged_is_never_given_back(rich_person: UUID, charged: UUID) -> None:
    case_id = cases.dispute(person_id=rich_person, hold_id=charged, words=WORDS)

    with pytest.raises(CorrectionTooLarge):
        _answer(case_id, amount=121)

    assert case_queries.case(case_id).state is CaseState.OPEN
    assert balances.balance(rich_person).available_microcredits == 880


def test_a_case_is_answered_once(rich_person: UUID, charged: UUID) -> None:
    case_id = cases.dispute(person_id=rich_person, hold_id=charged, words=WORDS)
    _answer(case_id, "No, it was not empty.")

    for words, amount in [("No, it was not empty.", 5), ("Well, yes.", 0)]:
        with pytest.raises(CaseAnswered):
            _answer(case_id, words, amount)
    with pytest.raises(UnknownCase):
        _answer(new_id())

    assert case_queries.case(case_id).given_back_microcredits == 0


def test_the_person_hears_of_the_answer_by_a_mail_without_it(price_version: int) -> None:
    alice = people.create_person(email="alice@example.org", password="Correct-horse-9-battery")
    ticket = books.hold(alice.id, 300)
    books.settle(ticket.id, 120)
    case_id = cases.dispute(person_id=alice.id, hold_id=ticket.id, words=WORDS)
    mail.outbox.clear()

    _answer(case_id, "It was our mistake.", 120)

    [message] = mail.outbox
    assert message.to == ["alice@example.org"]
    assert message.subject == "Your question about a charge is answered"
    assert "0.00012 credits came back to you" in message.body
    assert "/credits/questions" in message.body
    assert "mistake" not in message.body


def test_a_case_of_one_subject_is_opened_once_and_keeps_the_newest_facts(db: None) -> None:
    def open_it(gap: int) -> UUID:
        return cases.open_case(
            kind=CaseKind.RECONCILIATION,
            subject="openai gpt-5 2026-11-21",
            facts={"gap_tokens": gap},
        )

    case_id = open_it(12)
    assert open_it(13) == case_id
    assert case_queries.case(case_id).facts == {"gap_tokens": 13}

    _answer(case_id, "Their report was late.")

    assert open_it(14) == case_id
    answered = case_queries.case(case_id)
    assert (answered.facts, answered.answer) == ({"gap_tokens": 13}, "Their report was late.")


def test_open_cases_come_in_pages_the_oldest_first(
    db: None, database_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_queries, "PAGE_SIZE", 2)
    opened = []
    for name in "abc":
        opened.append(cases.open_case(kind=CaseKind.RECONCILIATION, subject=name, facts={}))
        database_clock.advance(1)

    pages = [[each.id for each in case_queries.open_cases(page=page)] for page in (1, 2, 3)]

    assert pages == [opened[:2], opened[2:], []]
    assert case_queries.open_case_count() == 3
    assert case_queries.open_cases(kind=CaseKind.DISPUTE) == ()


@pytest.fixture
def doubtful(rich_person: UUID) -> UUID:
    """A call of 100 whose reported usage nobody can believe."""
    ticket = books.hold(rich_person, 100)
    ledger.dispatch(hold_id=ticket.id)
    ended = books.settle(ticket.id, 5_000_000)
    assert ended.state is HoldState.IN_DOUBT
    return ticket.id


def test_staff_decide_what_a_doubtful_call_used(rich_person: UUID, doubtful: UUID) -> None:
    [case] = case_queries.open_cases(kind=CaseKind.QUARANTINE)
    assert (case.hold_id, case.facts["output"]) == (doubtful, 5_000_000)

    ended = doubts.settle(
        hold_id=doubtful, quantities={"output": 60}, author="anna", words="Counted by hand."
    )

    assert (ended.state, ended.charged_microcredits) == (HoldState.SETTLED, 60)
    answered = case_queries.case(case.id)
    assert (answered.answered_by, answered.answer) == ("anna", "Counted by hand.")
    assert books.broken() == []


def test_a_doubtful_call_is_not_talked_away(doubtful: UUID) -> None:
    [case] = case_queries.open_cases()

    with pytest.raises(DoubtUndecided):
        _answer(case.id, "It is fine.")

    assert case_queries.open_cases() == (case,)


def test_staff_give_a_doubtful_call_back_at_our_cost(rich_person: UUID, doubtful: UUID) -> None:
    ended = doubts.release(hold_id=doubtful, author="anna", words="Nobody can tell.")

    assert (ended.state, ended.charged_microcredits) == (HoldState.RELEASED, 0)
    assert balances.balance(rich_person).available_microcredits == 1_000
    assert Transfer.objects.get(code="writeoff").amount == 100
    assert case_queries.open_cases() == ()
    assert books.broken() == []


def test_a_doubt_that_the_rule_ended_closes_its_case(doubtful: UUID) -> None:
    ledger.release(hold_id=doubtful, reason="nobody decided")

    [case] = Case.objects.all()
    assert (case.state, case.answered_by) == (CaseState.ANSWERED, "ledger")
    assert case_queries.case(case.id).answer.startswith("The call has ended")
