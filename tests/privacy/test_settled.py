"""Each contradiction of the policy, C1 to C20, is settled in one place, and refused by name."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.errors.manifest import ManifestBroken
from bluegpt.privacy.rules import documents, linting, reading
from bluegpt.privacy.rules.settled import RULES, Settled

# What an operator could write to bring a contradiction back, where a line of the manifest allows.
UNLAWFUL: dict[str, list[dict[str, Any]]] = {
    "C1": [{"purposes": {"chat_answer": {"role": "processor"}}}],
    "C5": [{"tracers": {"items": {"tracers": {"lifetime": "P14M"}}}}],
    "C6": [{"rights": {"identity_document": "always"}}],
    "C7": [{"rights": {"rights": {"withdrawal": {"self_service": False}}}}],
    "C8": [{"rights": {"rights": {"access": {"extension": "P3M"}}}}],
    "C9": [
        {"retention": {"account": {"ceiling": "P4Y"}}},
        {"retention": {"account": {"trigger": "mail_opened"}}},
    ],
    "C10": [
        {"retention": {"conversations": {"ceiling": "P4Y"}}},
        {"retention": {"conversations": {"trigger": "subscription_ended"}}},
    ],
    "C12": [{"purposes": {"security": {"bases": {"connection": "contract"}}}}],
    "C13": [
        {"transfers": {"us_standard_clauses": {"basis": "consent"}}},
        {"recipients": {"openai": {"role": "controller"}}},
        {"recipients": {"openai": {"dpa_url": ""}}},
    ],
    "C15": [
        {"backups": {"vault": {"kept": "P60D"}}},
        {"backups": {"data": {"kept": "P1Y"}}},
    ],
    "C16": [{"purposes": {"account": {"bases": {"identity": "consent"}}}}],
    "C17": [{"retention": {"sessions": {"ceiling": "P2Y"}}}],
    "C19": [
        {"operator": {"age_minimum_years": 13}},
        {"operator": {"dpo_reason": ""}},
    ],
    "C20": [
        {"succession": {"notice": "P29D"}},
        {"succession": {"objection": "P60D"}},
        {"succession": {"notice": "P7D", "objection": "P7D"}},
        {"succession": {"classes": ["identity", "security"]}},
    ],
}


def findings(overlay: dict[str, Any]) -> list[str]:
    try:
        return list(linting.findings(reading.read(documents.merged(chapters.packaged(), overlay))))
    except ManifestBroken as broken:
        return list(broken.findings)


def test_every_contradiction_is_settled_once() -> None:
    assert [rule.code for rule in RULES] == [f"C{number}" for number in range(1, 21)]
    assert {rule.code for rule in RULES if rule.kept_by} == set(UNLAWFUL)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_setting_that_was_settled_is_refused_by_its_name(rule: Settled) -> None:
    table, key = rule.name.split(".")

    found = findings({table: {key: "otherwise"}})

    assert any(rule.name in each and f"({rule.code})" in each for each in found), found


@pytest.mark.parametrize(
    ("code", "overlay"), [(code, each) for code, all_of in UNLAWFUL.items() for each in all_of]
)
def test_an_unlawful_line_is_refused_with_its_code(code: str, overlay: dict[str, Any]) -> None:
    found = findings(overlay)

    assert any(f"({code})" in each or f"; {code})" in each for each in found), found


@pytest.mark.parametrize("rule", [each for each in RULES if each.kept_by], ids=lambda r: r.code)
def test_the_lint_that_is_named_names_the_rule(rule: Settled) -> None:
    source = import_module(rule.kept_by).__file__
    assert source is not None
    assert rule.code in Path(source).read_text(encoding="utf-8")
