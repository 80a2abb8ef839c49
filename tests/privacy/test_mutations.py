"""No line of the manifest is decoration: shorten any, and something notices."""

from typing import Any

import pytest

from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.errors.manifest import ManifestBroken
from bluegpt.privacy.rules import linting, reading
from tests.privacy import promises
from tests.privacy.mutants import mutants

PACKAGED = chapters.packaged()
MUTANTS = dict(mutants(PACKAGED))


def noticed(document: dict[str, Any]) -> list[str]:
    """What the reader, the linter or a promise says against a document."""
    try:
        policy = reading.read(document)
    except ManifestBroken as broken:
        return list(broken.findings)
    return [*linting.findings(policy), *promises.broken(policy)]


def test_the_packaged_policy_keeps_every_promise() -> None:
    assert noticed(PACKAGED) == []


@pytest.mark.parametrize("chapter", sorted(PACKAGED))
def test_no_line_can_be_shortened_unnoticed(chapter: str) -> None:
    own = {name: each for name, each in MUTANTS.items() if name.split()[-1].startswith(chapter)}

    unnoticed = [name for name, mutant in own.items() if not noticed(mutant)]

    assert len(own) > 10
    assert unnoticed == []


def test_every_line_of_every_chapter_has_its_mutant() -> None:
    lines = [
        line
        for path in sorted(chapters.PACKAGED.glob("*.toml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "=" in line and not line.startswith("#")
    ]

    drops = [name for name in MUTANTS if name.startswith("drop")]

    assert len(drops) >= len(lines) > 150
