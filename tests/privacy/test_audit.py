"""`bluegpt privacy audit` says of every clause what is so, and fails when one is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bluegpt.ops.commands import privacy_audit
from bluegpt.ops.parser import parser
from bluegpt.privacy.adapters import proofs
from bluegpt.privacy.queries.audit import audit
from bluegpt.privacy.types.audits import Finding
from bluegpt.privacy.types.clauses import ClauseStatus

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

A_TEST = "tests/privacy/test_audit.py::test_a_clause_with_nothing_behind_it_is_missing"


def proved_by(evidence: str, *, tests: str = A_TEST, mechanism: str = "services.gate.clear") -> str:
    return f"""
[clauses.P52]
status = "proved"
mechanism = "bluegpt.privacy.{mechanism}"
tests = ["{tests}"]
evidence = "{evidence}"
"""


def clause_52() -> Finding:
    return next(finding for finding in audit().findings if finding.clause.number == 52)


@pytest.fixture
def evidence(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], str]], str]:
    """Let a function stand as evidence where clauses may point at."""

    def stand(say: Callable[[], str]) -> str:
        place = "bluegpt.somewhere.evidence.of_this"
        looked_up = proofs.object_at
        monkeypatch.setattr(proofs, "object_at", lambda at: say if at == place else looked_up(at))
        return place

    return stand


def test_a_clause_with_nothing_behind_it_is_missing(overlay: Callable[[str], None]) -> None:
    overlay('[clauses.P52]\nstatus = ""\n')

    found = audit()

    finding = clause_52()
    assert finding.clause.status is ClauseStatus.MISSING
    assert not finding.is_accounted_for
    assert not found.is_complete


def test_a_proof_speaks_for_itself(
    overlay: Callable[[str], None], evidence: Callable[[Callable[[], str]], str]
) -> None:
    overlay(proved_by(evidence(lambda: "Seven of seven.")))

    finding = clause_52()

    assert (finding.evidence, finding.tests_found, finding.problem) == ("Seven of seven.", 1, "")
    assert finding.is_accounted_for


def test_evidence_that_is_not_so_any_more_unproves_its_clause(
    overlay: Callable[[str], None], evidence: Callable[[Callable[[], str]], str]
) -> None:
    def fails() -> str:
        raise RuntimeError("the probe found nothing")

    overlay(proved_by(evidence(fails)))

    finding = clause_52()

    assert finding.problem == "the probe found nothing"
    assert not finding.is_accounted_for


@pytest.mark.parametrize(
    ("proof", "problem"),
    [
        (proved_by("bluegpt.somewhere.evidence.of_this", tests="tests/a.py::test_b"), "tests/a.py"),
        (proved_by("bluegpt.somewhere.evidence.of_this", mechanism="services.no"), "has no"),
        (proved_by("bluegpt.privacy.evidence.of_nothing"), "has no evidence"),
    ],
    ids=["no test", "no mechanism", "no evidence"],
)
def test_a_proof_that_is_not_there_unproves_its_clause(
    overlay: Callable[[str], None],
    evidence: Callable[[Callable[[], str]], str],
    proof: str,
    problem: str,
) -> None:
    evidence(lambda: "Seven of seven.")
    overlay(proof)

    assert problem in clause_52().problem


def test_what_is_said_not_to_exist_must_not_be_found(overlay: Callable[[str], None]) -> None:
    said = f'[clauses.P52]\nstatus = "no_processing"\ntests = ["{A_TEST}"]\nabsent = '

    overlay(f'{said}["horoscope"]\n')
    nowhere = clause_52()
    overlay(f'{said}["conversation"]\n')
    somewhere = clause_52()

    assert nowhere.is_accounted_for
    assert "studio.conversation" in somewhere.problem


def test_a_declaration_that_code_names_is_no_declaration(
    overlay: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = (Path("bluegpt/x.py"), ('if clause == "P52":',))
    monkeypatch.setattr(proofs, "_source", lambda: (source,))
    monkeypatch.setattr(proofs, "_PACKAGE", Path("bluegpt"))

    assert "bluegpt/x.py:1" in clause_52().problem


def test_a_purpose_without_proof_is_named() -> None:
    account = {"account"} - {
        purpose for finding in audit().findings for purpose in finding.clause.purposes
    }

    assert set(audit().unproved_purposes) >= account


def test_where_no_tests_are_installed_the_audit_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(proofs, "tests_folder", lambda: None)

    privacy_audit.show(parser().parse_args(["privacy", "audit"]))

    assert not audit().has_tests
    assert "no test files" in capsys.readouterr().out


def test_the_command_shows_every_clause_and_fails_when_one_is_open(
    overlay: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    overlay('[clauses.P52]\nstatus = ""\n')

    code = privacy_audit.show(parser().parse_args(["privacy", "audit"]))

    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert [line.split()[0] for line in lines[1:124]] == [f"P{number}" for number in range(1, 124)]
    assert "MISSING!" in next(line for line in lines if line.startswith("P52 "))


def test_the_command_can_show_only_what_is_open(
    overlay: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    overlay('[clauses.P52]\nstatus = ""\n')

    privacy_audit.show(parser().parse_args(["privacy", "audit", "--open"]))

    out = capsys.readouterr().out
    assert "P52 " in out
    assert "P61 " not in out
