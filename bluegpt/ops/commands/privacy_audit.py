"""`bluegpt privacy audit`"""

import argparse

from bluegpt.ops.terminal import table
from bluegpt.privacy.queries.audit import audit
from bluegpt.privacy.types.audits import Audit, Finding
from bluegpt.privacy.types.clauses import ClauseStatus


def show(arguments: argparse.Namespace) -> int:
    """Every clause with its mechanism, tests and evidence; 1 when anything is not accounted for.

    With `--open` only what is not, and the measures that do not hold.
    """
    found = audit()
    rows = [
        _row(finding)
        for finding in found.findings
        if not (arguments.open and finding.is_accounted_for)
    ]
    if rows:
        print(table([("clause", "status", "tests", "mechanism", "evidence"), *rows]))
    measures = [
        (each.measure.key, "holds" if each.holds else "FAILS!", each.found)
        for each in found.measures
        if not (arguments.open and each.holds)
    ]
    if measures:
        print(table([("measure", "now", "what its probe found"), *measures]))
    for purpose in found.unproved_purposes:
        print(f"The purpose {purpose} is proved by no clause.")
    for place in found.unclaimed_evidence:
        print(f"{place} is evidence of no clause.")
    print(_sum(found))
    if not found.has_tests:
        print("This installation has no test files, so no test was looked for.")
    return 0 if found.is_complete else 1


def _row(finding: Finding) -> tuple[str, ...]:
    clause = finding.clause
    tests = "-" if finding.tests_found is None else f"{finding.tests_found}/{len(clause.tests)}"
    return (
        clause.key,
        clause.status if finding.is_accounted_for else f"{clause.status.upper()}!",
        tests,
        clause.mechanism.removeprefix("bluegpt.") or "-",
        finding.problem or finding.evidence,
    )


def _sum(found: Audit) -> str:
    accounted = sum(finding.is_accounted_for for finding in found.findings)
    return (
        f"{accounted} of {len(found.findings)} clauses are accounted for:"
        f" {found.count(ClauseStatus.PROVED)} proved,"
        f" {found.count(ClauseStatus.DECLARATION)} declarations,"
        f" {found.count(ClauseStatus.NO_PROCESSING)} without any such processing."
    )
