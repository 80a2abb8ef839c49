"""No line of the manifest is decoration, and none may be wider than promised: change any by one
step, and something notices."""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.rules import linting, reading
from bluegpt.privacy.types.clauses import Clause
from tests.privacy import promises
from tests.privacy.mutants import Kind, mutants

PACKAGED = chapters.packaged()
SCORES = Path(__file__).parents[2] / "docs" / "mechanisms" / "mutations.md"
POLICY = reading.read(PACKAGED)
# What the reader says of a clause that is not in front of it.
ABSENT = {f"clauses: {key} is missing" for key in PACKAGED["clauses"]}


def noticed(chapter: str, table: Mapping[str, Any]) -> Iterator[str]:
    """What the reader, the linter or a promise says against the policy with this chapter."""
    broken: list[str] = []
    value: Any
    if chapter == "clauses" and set(table) == set(PACKAGED[chapter]):
        field, value = "clauses", _clauses(table, broken)
    else:
        field, value = reading.chapter(chapter, table, broken)
    if broken:
        return iter(broken)
    policy = replace(POLICY, **{field: value})
    return chain(promises.broken(policy), linting.findings(policy))


def _clauses(table: Mapping[str, Any], broken: list[str]) -> Mapping[int, Clause]:
    """The register with the clauses that were changed read anew: reading all takes too long."""
    changed = {key: each for key, each in table.items() if each is not PACKAGED["clauses"][key]}
    _field, found = reading.chapter("clauses", changed, broken)
    broken[:] = [sentence for sentence in broken if sentence not in ABSENT]
    return {**POLICY.clauses, **found}


def test_the_packaged_policy_keeps_every_promise() -> None:
    assert [*linting.findings(POLICY), *promises.broken(POLICY)] == []


@pytest.fixture(scope="module")
def scores() -> Iterator[dict[str, str]]:
    """The line of each chapter in the table of scores, which is printed at the end."""
    lines: dict[str, str] = {}
    yield lines
    sys.stdout.write("".join(lines.values()))


@pytest.mark.parametrize("chapter", sorted(PACKAGED))
def test_no_line_can_be_changed_unnoticed(chapter: str, scores: dict[str, str]) -> None:
    made: Counter[Kind] = Counter()
    unnoticed = []

    for mutant in mutants(PACKAGED, chapter):
        made[mutant.kind] += 1
        if next(noticed(chapter, mutant.table), None) is None:
            unnoticed.append(mutant)

    seen = made - Counter(mutant.kind for mutant in unnoticed)
    cells = " | ".join(f"{seen[kind]} / {made[kind]}" for kind in Kind)
    scores[chapter] = f"| `{chapter}` | {cells} |\n"
    assert made[Kind.DROPPED] > 10
    assert made[Kind.ADDED] > 0
    assert not unnoticed, "\n".join(map(str, unnoticed))


def test_the_score_of_every_chapter_is_recorded() -> None:
    recorded = re.findall(r"^\| `(\w+)` \|", SCORES.read_text(encoding="utf-8"), re.MULTILINE)

    assert recorded == sorted(PACKAGED)
