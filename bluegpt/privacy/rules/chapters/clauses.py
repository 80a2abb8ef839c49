"""Reads the clause register."""

from collections.abc import Mapping
from types import MappingProxyType

from bluegpt.privacy.rules.blocks import Block
from bluegpt.privacy.types.clauses import Clause, ClauseStatus, Section

CLAUSES = 123


def read(chapter: Block) -> Mapping[int, Clause]:
    """Every clause by its number, in order."""
    named = {f"P{number}": number for number in range(1, CLAUSES + 1)}
    found = {named[block.key]: _clause(block, named[block.key]) for block in chapter.tables(named)}
    for missing in sorted(set(range(1, CLAUSES + 1)) - set(found)):
        chapter.finding(f"P{missing} is missing")
    return MappingProxyType(dict(sorted(found.items())))


def _clause(block: Block, number: int) -> Clause:
    clause = Clause(
        number=number,
        section=block.choice("section", Section, refusals={}),
        text=block.text("text"),
        status=block.optional_choice("status", ClauseStatus) or ClauseStatus.MISSING,
        mechanism=block.optional_words("mechanism"),
        tests=block.optional_word_list("tests"),
        evidence=block.optional_words("evidence"),
        purposes=block.optional_word_list("purposes"),
        absent=block.optional_word_list("absent"),
    )
    block.close()
    return clause
