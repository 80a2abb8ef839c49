"""A chapter on rights that is looser than the law is refused by name."""

from typing import Any

import pytest

from tests.privacy.test_linting import findings_with


def test_a_document_as_a_rule_is_refused_by_name() -> None:
    found = findings_with({"rights": {"identity_document": "always"}})

    assert any("(GDPR, Art. 12(6); C6)" in finding for finding in found), found


@pytest.mark.parametrize(
    ("right", "facts", "finding"),
    [
        ("access", {"extension": "P3M"}, "at most P2M, once (C8)"),
        ("access", {"extension": "P1Y"}, "at most P2M, once (C8)"),
        ("access", {"term": "P2M"}, "term is one month"),
        ("access", {"refusals": ["because"]}, "'because' is not described"),
        ("withdrawal", {"self_service": False}, "(C7)"),
        ("withdrawal", {"refusals": ["excessive"]}, "cannot be refused"),
        ("oblivion", {"term": "P1M"}, "oblivion does not exist"),
    ],
)
def test_a_looser_clock_or_a_freer_refusal_is_refused(
    right: str, facts: dict[str, Any], finding: str
) -> None:
    found = findings_with({"rights": {"rights": {right: facts}}})

    assert any(finding in sentence for sentence in found), found
