"""`bluegpt credits cases, case, answer, resolve, correct, clawback`: what staff decide."""

import json
import re
from importlib import import_module
from uuid import UUID

import pytest

from bluegpt.accounts.services import people
from bluegpt.core.errors import BlueError
from bluegpt.core.ids import new_id
from bluegpt.credits.models import Transfer
from bluegpt.credits.queries import balances
from bluegpt.credits.queries import cases as case_queries
from bluegpt.credits.services import cases, ledger
from bluegpt.credits.types import CaseKind, Category, HoldState
from bluegpt.ops.errors import Complaint
from bluegpt.ops.parser import parser
from tests.credits import books
from tests.ops.conftest import Installation

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

ALICE = "alice@example.org"
WORDS = "This answer was empty."


class Desk:
    """Somebody at a terminal, on the books under test."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def type(self, *words: object) -> str:
        """What a command prints on standard output."""
        arguments = parser().parse_args(["credits", *(str(word) for word in words)])
        module, name = arguments.handler.split(":")
        self._capsys.readouterr()
        assert getattr(import_module(module), name)(arguments) == 0
        return self._capsys.readouterr().out


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(capsys)


@pytest.fixture
def alice() -> UUID:
    """Somebody with the welcome credits, and a book of one credit per token."""
    books.publish(microcredits_per_token=1_000_000)
    return people.create_person(email=ALICE, password="Correct-horse-9-battery").id


@pytest.fixture
def charged(alice: UUID) -> UUID:
    """A call that cost Alice 12 credits."""
    ticket = books.hold(alice, 30)
    books.settle(ticket.id, 12)
    return ticket.id


@pytest.fixture
def doubtful(alice: UUID) -> UUID:
    """A call of 30 credits whose usage nobody can believe."""
    ticket = books.hold(alice, 30)
    ledger.dispatch(hold_id=ticket.id)
    assert books.settle(ticket.id, 99_000).state is HoldState.IN_DOUBT
    return ticket.id


def _available(person_id: UUID) -> int:
    return balances.balance(person_id).available_microcredits // 1_000_000


def test_the_list_says_what_waits_and_shows_nobodys_words(
    desk: Desk, alice: UUID, charged: UUID, doubtful: UUID
) -> None:
    case_id = cases.dispute(person_id=alice, hold_id=charged, words=WORDS)

    everything, disputes = desk.type("cases"), desk.type("cases", "--kind", "dispute")

    assert re.search(rf"{case_id}  .*  dispute +{ALICE}  {charged}\n", everything)
    assert f"quarantine  {ALICE}  {doubtful}" in everything
    assert WORDS not in everything
    assert "quarantine" not in disputes
    assert "2 open cases" in disputes


def test_without_a_case_the_list_says_so(desk: Desk, old_hand: Installation) -> None:
    assert desk.type("cases") == "No case waits for an answer.\n"
    assert old_hand.run("credits", "cases").out == "No case waits for an answer.\n"


def test_a_case_that_is_not_there_is_one_sentence(old_hand: Installation) -> None:
    said = old_hand.run("credits", "answer", str(new_id()), "--words", "x")

    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1


def test_a_case_is_shown_with_what_the_person_said_and_is_answered(
    desk: Desk, alice: UUID, charged: UUID
) -> None:
    case_id = cases.dispute(person_id=alice, hold_id=charged, words=WORDS)

    before = desk.type("case", case_id)
    said = desk.type(
        "answer", case_id, "--words", "You are right.", "--give-back", "4.5", "--author", "anna"
    )
    after = desk.type("case", case_id)

    assert f"They wrote:\n{WORDS}\n" in before
    assert "The answer" not in before
    assert said == "Answered; 4.5 credits came back.\n"
    assert "by anna" in after
    assert "given back  4.5 credits" in after
    assert after.endswith("The answer:\nYou are right.\n")
    assert balances.balance(alice).available_microcredits == 92_500_000
    assert books.broken() == []


def test_a_case_about_nobody_shows_its_facts(desk: Desk) -> None:
    case_id = cases.open_case(
        kind=CaseKind.RECONCILIATION, subject="openai gpt-5 2026-11-21", facts={"gap_tokens": 12}
    )

    shown = desk.type("case", case_id)

    assert re.search(r"gap_tokens +12\n", shown)
    assert "person" not in shown
    assert desk.type("answer", case_id, "--words", "Theirs was late.") == "Answered.\n"


def test_a_closed_account_is_told_by_its_id(desk: Desk) -> None:
    nobody = new_id()
    books.publish(microcredits_per_token=1)
    books.grant(nobody, 100)
    ticket = books.hold(nobody, 10)
    books.settle(ticket.id, 10)
    cases.dispute(person_id=nobody, hold_id=ticket.id, words=WORDS)

    assert str(nobody) in desk.type("cases")


def test_a_doubtful_call_is_settled_on_what_staff_say(
    desk: Desk, alice: UUID, doubtful: UUID
) -> None:
    said = desk.type("resolve", doubtful, "--settle", json.dumps({"input": 3, "output": 4}))

    assert said == "Settled: 7 credits charged, 23 returned.\n"
    assert _available(alice) == 93
    [case] = case_queries.cases_of(alice)
    assert (case.answered_by, case.answer) == (
        "operator",
        "We have looked at this call and decided what it costs.",
    )
    assert books.broken() == []


def test_a_doubtful_call_beyond_its_hold_is_our_loss(desk: Desk, doubtful: UUID) -> None:
    said = desk.type("resolve", doubtful, "--settle", '{"output": 35}')

    assert said == "Settled: 30 credits charged, 0 returned; 5 are borne by us.\n"


def test_a_doubtful_call_is_given_back(desk: Desk, alice: UUID, doubtful: UUID) -> None:
    said = desk.type("resolve", doubtful, "--release", "--words", "Nobody can tell.")

    assert said == "Released: 0 credits charged, 30 returned.\n"
    assert _available(alice) == 100
    assert case_queries.cases_of(alice)[0].answer == "Nobody can tell."


@pytest.mark.parametrize("given", ["", "7", "[1]", '{"output": 1.5}', '{"output": -1}', '{"x": 1}'])
def test_quantities_that_cannot_be_are_refused_in_a_sentence(
    desk: Desk, doubtful: UUID, given: str
) -> None:
    with pytest.raises(Complaint) as refused:
        desk.type("resolve", doubtful, "--settle", given)

    assert "\n" not in str(refused.value)
    assert len(case_queries.open_cases()) == 1


def test_only_a_call_in_doubt_is_resolved(desk: Desk, charged: UUID) -> None:
    for hold_id, code in [(charged, "hold_resolved"), (new_id(), "unknown_hold")]:
        with pytest.raises(BlueError) as refused:
            desk.type("resolve", hold_id, "--release")
        assert refused.value.code == code


def test_a_call_is_corrected_once_per_id(desk: Desk, alice: UUID, charged: UUID) -> None:
    words = (
        *("correct", charged, "2.5", "--reason", "counted twice", "--reference", "ticket 7"),
        *("--id", new_id(), "--author", "anna"),
    )

    assert desk.type(*words) == "2.5 credits came back.\n"
    desk.type(*words)

    assert balances.balance(alice).available_microcredits == 90_500_000
    line = Transfer.objects.get(kind="correct")
    assert (line.author, line.reason, line.reference) == ("anna", "counted twice", "ticket 7")


def test_a_lot_is_taken_back_and_what_was_spent_of_it_is_owed(desk: Desk, alice: UUID) -> None:
    ledger.grant(
        person_id=alice,
        category=Category.PAID,
        amount_microcredits=50_000_000,
        source_kind="invoice_line",
        source_id="41",
        reason="a pack",
    )
    ticket = books.hold(alice, 120)
    books.settle(ticket.id, 120)

    with pytest.raises(Complaint):
        desk.type("clawback", "invoice_line", "41", "50.1", "--reason", "chargeback")
    said = desk.type("clawback", "invoice_line", "41", "50", "--reason", "chargeback")

    assert said == "30 credits were taken back, 20 became a debt.\n"
    assert books.broken() == []


def test_a_refund_takes_the_unspent_rest_and_owes_nothing(desk: Desk, alice: UUID) -> None:
    wallet = balances.wallet_of(alice)

    said = desk.type("clawback", "welcome", wallet, "--reason", "made by a script")

    assert said == "100 credits were taken back, 0 became a debt.\n"
    assert _available(alice) == 0


@pytest.mark.parametrize(
    "words",
    [
        ("answer", "7", "--words", "x"),
        ("answer", str(new_id())),
        ("resolve", str(new_id())),
        ("resolve", str(new_id()), "--release", "--settle", "{}"),
        ("correct", str(new_id()), "1", "--reason", "x"),
        ("clawback", "pack", "1", "--reason", "x", "--author", " "),
        ("cases", "--kind", "boring"),
    ],
)
def test_what_lacks_a_part_is_not_begun(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        parser().parse_args(["credits", *words])

    assert refused.value.code == 2
    assert "--help` shows what there is." in capsys.readouterr().err
