"""The clause register, held against what is really there."""

from dataclasses import dataclass

from bluegpt.privacy.types.clauses import Clause, ClauseStatus
from bluegpt.privacy.types.measures import Probed


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One clause looked at. `problem` is empty when it is accounted for.

    `tests_found` is None where the product is installed without its tests.
    """

    clause: Clause
    tests_found: int | None
    evidence: str
    problem: str

    @property
    def is_accounted_for(self) -> bool:
        return not self.problem and self.clause.status is not ClauseStatus.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Every clause, and what belongs to none: purposes without proof, proofs without clause."""

    findings: tuple[Finding, ...]
    measures: tuple[Probed, ...]
    unproved_purposes: tuple[str, ...]
    unclaimed_evidence: tuple[str, ...]
    has_tests: bool

    @property
    def is_complete(self) -> bool:
        return not (self.unproved_purposes or self.unclaimed_evidence) and all(
            finding.is_accounted_for for finding in self.findings
        )

    def count(self, status: ClauseStatus) -> int:
        """How many clauses are accounted for with this status."""
        return sum(
            finding.is_accounted_for and finding.clause.status is status
            for finding in self.findings
        )
