"""The policy's clauses, and what each rests on."""

from dataclasses import dataclass
from enum import StrEnum

from bluegpt.privacy.types.texts import Text


class ClauseStatus(StrEnum):
    """How a clause is accounted for."""

    MISSING = "missing"
    PROVED = "proved"  # by a mechanism, tests, and evidence of now
    DECLARATION = "declaration"  # words only; no code rests on them
    NO_PROCESSING = "no_processing"  # what it speaks of does not exist here


class Section(StrEnum):
    """The part of the policy that a clause belongs to, in the policy's order."""

    PREAMBLE = "preamble"
    NOTE = "note"
    CONTROLLER = "controller"
    NATURE = "nature"
    PURPOSES = "purposes"
    BASES = "bases"
    AGGREGATES = "aggregates"
    SOURCES = "sources"
    MODELS = "models"
    RECIPIENTS = "recipients"
    RIGHTS = "rights"
    RETENTION = "retention"
    TRANSFERS = "transfers"
    MEASURES = "measures"
    LINKS = "links"
    TRACERS = "tracers"
    CHANGES = "changes"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One promise, numbered as in the register: P1 to P123.

    `mechanism` is the dotted place of what keeps it, `tests` are pytest ids, `evidence` is the
    dotted place of a function that says in a sentence what is so right now, or raises.
    `purposes` are those that the clause accounts for; `absent` the words that no purpose, table
    or address may contain while the clause says that there is no such processing.
    """

    number: int
    section: Section
    text: Text
    status: ClauseStatus
    mechanism: str
    tests: tuple[str, ...]
    evidence: str
    purposes: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"P{self.number}"
