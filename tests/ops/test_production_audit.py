"""An installation in earnest, minutes old: what its audit of the clauses leaves open."""

import time
from pathlib import Path

import pytest

from tests.ops.conftest import Installation

OPERATOR = """
[operator]
company = "Institut Exemple"
legal_form = "SAS"
share_capital = "1 000 €"
register = "RCS Lyon 000 000 000"
seat = "1 rue Exemple, 69001 Lyon"
email = "privacy@example.org"
post = "1 rue Exemple, 69001 Lyon"
dpo = "dpo@example.org"
dpo_reason = ""
"""
# Clauses that nobody has accounted for yet. Whoever closes one takes it out of here.
OPEN: set[str] = set()
_JOBS_S = 60


@pytest.fixture
def in_earnest(tmp_path: Path) -> Installation:
    """Run as in production: TLS insisted on, the operator named, nothing prepared."""
    site = Installation(
        tmp_path / "data", {"BLUEGPT_ENV": "production", "BLUEGPT_URL": "https://chat.example.org"}
    )
    site.data_dir.mkdir()
    (site.data_dir / "privacy.toml").write_text(OPERATOR, encoding="utf-8")
    return site


def test_a_fresh_installation_in_production_leaves_open_the_clauses_named_here_and_no_other(
    in_earnest: Installation,
) -> None:
    # given its first start, and a backup
    with in_earnest.serving():
        assert in_earnest.run("backup").code == 0

        # when the audit has waited for what the first start sets going
        deadline_s = time.monotonic() + _JOBS_S
        said = in_earnest.run("privacy", "audit", "--open")
        while _open(said.out) - OPEN and time.monotonic() < deadline_s:
            said = in_earnest.run("privacy", "audit", "--open")

    # then nothing is open but what is named here
    assert _open(said.out) == OPEN, said.out + said.err
    assert said.code == (1 if OPEN else 0), said.out


def _open(out: str) -> set[str]:
    """The clauses that an audit calls open, and whatever else it has to say against the policy."""
    lines = [line for line in out.splitlines() if not line.startswith(("clause", "-"))]
    return {line.split()[0] for line in lines if "!" in line} | {
        line for line in lines if line.endswith(("by no clause.", "of no clause."))
    }
