"""What a clause must carry to be called proved, and which purposes are left without proof."""

import re
from collections.abc import Iterator, Mapping

from bluegpt.privacy.types.clauses import Clause, ClauseStatus
from bluegpt.privacy.types.manifest import Manifest, Purpose

# Evidence is gathered in modules of that name, so that none can be forgotten there.
_EVIDENCE = re.compile(r"bluegpt(\.\w+)+\.evidence(\.\w+)?\.[a-z]\w*")
_MECHANISM = re.compile(r"bluegpt(\.\w+){2,}")
_TEST = re.compile(r"tests/[\w/]+\.py(::Test\w+)?::test_\w+")


def findings(manifest: Manifest) -> Iterator[str]:
    """Every clause that contradicts its own status or the purposes."""
    for clause in manifest.clauses.values():
        yield from (f"clauses.{clause.key}: {each}" for each in _form(clause))
        yield from (f"clauses.{clause.key}: {each}" for each in _purposes(clause, manifest))


def is_evidence(place: str) -> bool:
    """Whether a dotted place is that of a function where evidence is gathered."""
    return _EVIDENCE.fullmatch(place) is not None


def unproved(manifest: Manifest) -> Iterator[str]:
    """The purposes that no proved clause accounts for."""
    proved = {
        purpose
        for clause in manifest.clauses.values()
        if clause.status is ClauseStatus.PROVED
        for purpose in clause.purposes
    }
    yield from sorted(set(manifest.purposes) - proved)


def _form(clause: Clause) -> Iterator[str]:
    proof = {"mechanism": clause.mechanism, "tests": clause.tests, "evidence": clause.evidence}
    if clause.status is ClauseStatus.PROVED:
        yield from (f"proved needs {name}" for name, value in proof.items() if not value)
        yield from _places(clause)
    elif clause.status is ClauseStatus.NO_PROCESSING:
        if not clause.absent or not clause.tests:
            yield "no_processing needs absent, its words, and tests"
        if clause.mechanism or clause.evidence:
            yield "no_processing has neither mechanism nor evidence: there is nothing to show"
        yield from _tests(clause)
    elif any(proof.values()):
        yield f"{clause.status} carries a proof; call it proved or take the proof away"
    if clause.absent and clause.status is not ClauseStatus.NO_PROCESSING:
        yield "absent belongs to no_processing"
    if clause.purposes and clause.status is not ClauseStatus.PROVED:
        yield "purposes belong to a proved clause"


def _places(clause: Clause) -> Iterator[str]:
    if clause.mechanism and not _MECHANISM.fullmatch(clause.mechanism):
        yield f"mechanism {clause.mechanism!r} is no place in the code"
    if clause.evidence and not is_evidence(clause.evidence):
        yield f"evidence {clause.evidence!r} is no function of a module called evidence"
    yield from _tests(clause)


def _tests(clause: Clause) -> Iterator[str]:
    for test in clause.tests:
        if not _TEST.fullmatch(test):
            yield f"{test!r} is not the id of a test"


def _purposes(clause: Clause, manifest: Manifest) -> Iterator[str]:
    for key in clause.purposes:
        if key not in manifest.purposes:
            yield f"purpose {key!r} is not described"
    for word in clause.absent:
        for purpose in _containing(word, manifest.purposes):
            yield f"there is no {word}, and yet the purpose {purpose!r} is declared"


def _containing(word: str, purposes: Mapping[str, Purpose]) -> list[str]:
    return [key for key in purposes if word in key]
