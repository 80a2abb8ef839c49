"""Every clause names what keeps it, and what it names is there."""

import ast
from collections.abc import Callable

import pytest

from bluegpt.privacy.adapters import chapters, proofs
from bluegpt.privacy.errors.manifest import ManifestBroken
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import documents, reading
from bluegpt.privacy.types.clauses import Clause, ClauseStatus
from tests.structure.sources import ROOT, dotted, module, package_files, tree

POLICY = reading.read(chapters.packaged())
CLAUSES = tuple(POLICY.clauses.values())
PROVED = [clause for clause in CLAUSES if clause.status is ClauseStatus.PROVED]
DECLARED = [clause for clause in CLAUSES if clause.status is ClauseStatus.DECLARATION]
ABSENT = [clause for clause in CLAUSES if clause.status is ClauseStatus.NO_PROCESSING]

# Who may look at the register: those who check it and those who print it.
READERS = {
    "bluegpt.privacy.queries.audit",
    "bluegpt.privacy.rules.lints.clauses",
}


def test_the_register_holds_every_clause_in_order() -> None:
    assert [clause.number for clause in CLAUSES] == list(range(1, 124))


@pytest.mark.parametrize("clause", PROVED, ids=lambda clause: clause.key)
def test_a_proved_clause_names_a_mechanism_and_evidence_that_exist(clause: Clause) -> None:
    assert proofs.object_at(clause.mechanism) is not None
    assert callable(proofs.object_at(clause.evidence))


@pytest.mark.parametrize("clause", [*PROVED, *ABSENT], ids=lambda clause: clause.key)
def test_the_tests_that_a_clause_names_are_written(clause: Clause) -> None:
    assert [each for each in clause.tests if not proofs.has_test(ROOT, each)] == []


def test_no_evidence_belongs_to_no_clause_and_no_measure() -> None:
    claimed = {clause.evidence for clause in CLAUSES}
    claimed |= {measure.probe for measure in POLICY.measures.values()}

    assert sorted(set(proofs.evidence_functions()) - claimed) == []


@pytest.mark.parametrize("clause", DECLARED, ids=lambda clause: clause.key)
def test_no_code_rests_on_a_declaration(clause: Clause) -> None:
    assert proofs.lines_naming(clause.key) == ()


def test_only_the_audit_and_the_pages_that_print_it_read_the_register() -> None:
    readers = {
        module(path)
        for path in package_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr == "clauses"
        and dotted(node) in {"policy.clauses", "manifest.clauses", "clauses"}
    }

    assert readers <= READERS


@pytest.mark.parametrize("clause", ABSENT, ids=lambda clause: clause.key)
def test_no_code_path_does_what_is_said_not_to_exist(clause: Clause) -> None:
    """Not as a module, a function, a class, a table or an argument."""
    names = {
        f"{module(path)}: {name}"
        for path in package_files()
        for name in _names_in(tree(path)) | {module(path)}
    }

    found = sorted(name for word in clause.absent for name in names if word in name.lower())

    assert found == []


def _names_in(node: ast.Module) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {
        *(each.name for each in ast.walk(node) if isinstance(each, kinds)),
        *(each.arg for each in ast.walk(node) if isinstance(each, ast.arg)),
    }


@pytest.mark.parametrize(
    ("place", "missing"),
    [
        ("bluegpt.privacy.services.gate.nothing", "has no nothing"),
        ("bluegpt.privacy.nowhere.at_all", "has no nowhere"),
        ("nobody.knows.this", "there is no module"),
    ],
)
def test_a_place_where_nothing_stands_is_noticed(place: str, missing: str) -> None:
    with pytest.raises(LookupError, match=missing):
        proofs.object_at(place)


@pytest.mark.parametrize(
    "test",
    [
        "tests/privacy/test_clauses.py::test_nobody_wrote_this",
        "tests/privacy/test_nowhere.py::test_x",
        "tests/privacy/test_clauses.py::_names_in",
    ],
)
def test_a_test_that_nobody_wrote_is_noticed(test: str) -> None:
    assert not proofs.has_test(ROOT, test)


def test_a_test_is_found_by_its_id_with_or_without_its_parameters() -> None:
    this = "tests/privacy/test_clauses.py::test_the_register_holds_every_clause_in_order"

    assert proofs.has_test(ROOT, this)
    assert proofs.has_test(ROOT, f"{this}[P1]")


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        ('[clauses.P1]\nstatus = "trust us"\n', "one of missing, proved"),
        ('[clauses.P124]\nsection = "note"\n', "P124 does not exist"),
        ('[clauses.P52]\nevidence = "bluegpt.x.evidence.y"\n', "declaration carries a proof"),
        ('[clauses.P52]\npurposes = ["account"]\n', "purposes belong to a proved clause"),
        ('[clauses.P52]\nabsent = ["account"]\n', "absent belongs to no_processing"),
        ('[clauses.P52]\nstatus = "proved"\n', "proved needs mechanism"),
        ('[clauses.P52]\nstatus = "proved"\n', "proved needs tests"),
        ('[clauses.P52]\nstatus = "proved"\n', "proved needs evidence"),
        ('[clauses.P52]\nstatus = "proved"\ntests = ["a"]\n', "'a' is not the id of a test"),
        ('[clauses.P52]\nstatus = "proved"\nmechanism = "faith"\n', "no place in the code"),
        ('[clauses.P52]\nstatus = "proved"\nevidence = "bluegpt.x.y"\n', "module called evidence"),
        ('[clauses.P52]\nstatus = "proved"\npurposes = ["ghost"]\n', "'ghost' is not described"),
        ('[clauses.P52]\nstatus = "no_processing"\n', "no_processing needs absent"),
        (
            '[clauses.P52]\nstatus = "no_processing"\nabsent = ["account"]\n',
            "there is no account, and yet the purpose 'account' is declared",
        ),
    ],
)
def test_a_clause_that_contradicts_itself_is_refused(
    overlay: Callable[[str], None], lines: str, finding: str
) -> None:
    overlay(lines)

    with pytest.raises(ManifestBroken) as broken:
        manifest()

    assert any(finding in sentence for sentence in broken.value.findings)


def test_another_proof_of_the_same_promise_is_no_new_version() -> None:
    document = chapters.packaged()
    proved = documents.merged(document, {"clauses": {"P52": {"status": "proved", "tests": ["x"]}}})
    reworded = documents.merged(document, {"clauses": {"P52": {"text": {"en": "No."}}}})

    digest = documents.digest(documents.promised(document))

    assert documents.digest(documents.promised(proved)) == digest
    assert documents.digest(documents.promised(reworded)) != digest
