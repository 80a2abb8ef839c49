"""Unlawful settings are refused by name."""

from typing import Any

import pytest

from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.errors.manifest import ManifestBroken
from bluegpt.privacy.rules import documents, linting, reading


def findings_with(overlay: dict[str, Any]) -> list[str]:
    try:
        return list(linting.findings(reading.read(documents.merged(chapters.packaged(), overlay))))
    except ManifestBroken as broken:
        return list(broken.findings)


_QUIZ = {
    "purpose": "account",
    "fields": {"age": {"required": True, "without": "Without it you may guess."}},
}


@pytest.mark.parametrize(
    ("overlay", "finding"),
    [
        ({"purposes": {"chat_answer": {"role": "processor"}}}, "(C1)"),
        ({"purposes": {"security": {"bases": {"connection": "contract"}}}}, "(C12)"),
        ({"transfers": {"us_standard_clauses": {"basis": "consent"}}}, "not a ground for a"),
        ({"recipients": {"openai": {"role": "controller"}}}, "data-processing agreement"),
        ({"recipients": {"openai": {"dpa_url": "none"}}}, "(C13)"),
        ({"recipients": {"openai": {"trains_on_prompts": True}}}, "to train models"),
        ({"recipients": {"openai": {"keeps_prompts_days": -1}}}, "keeps_prompts_days"),
        ({"recipients": {"local": {"keeps_prompts_days": "none"}}}, "must be of type int"),
        ({"recipients": {"openai": {"country": "JP"}}}, "does not reach the country 'JP'"),
        ({"recipients": {"openai": {"country": "operator"}}}, "own machine"),
        ({"recipients": {"openai": {"transfer": "pigeon"}}}, "'pigeon' is not described"),
        ({"recipients": {"local": {"country": "FR"}}}, "own machine stands in"),
        ({"recipients": {"local": {"transfer": "within_eea"}}}, "is no transfer"),
        ({"recipients": {"compatible": {"company": "Somebody"}}}, "dpa_url"),
        ({"recipients": {"compatible": {"role": "operator"}}}, "chooses is a processor"),
        ({"forms": {"signup": {"purpose": "curiosity"}}}, "'curiosity' is not described"),
        ({"forms": {"quiz": _QUIZ}}, "forms.quiz: no such form"),
        ({"forms": {"signup": {"fields": _QUIZ["fields"]}}}, "forms.signup.age: no such field"),
        ({"operator": {"dpo": "dpo@example.org"}}, "either dpo or dpo_reason"),
        ({"operator": {"age_minimum_years": 13}}, "(C19)"),
        ({"operator": {"country": "France"}}, "two-letter code"),
        ({"operator": {"email": "nowhere"}}, "email is not an address"),
        ({"operator": {"authority_url": "http://x"}}, "authority_url"),
        ({"purposes": {"account": {"recipients": ["ghost"]}}}, "'ghost' is not described"),
        ({"purposes": {"account": {"bases": {"technical": "contract"}}}}, "about nobody"),
        (
            {"purposes": {"account": {"bases": {"identity": "legitimate_interest"}}}},
            "needs its balancing",
        ),
        ({"retention": {"calls": {"ceiling": "P1Y"}}}, "ceiling is shorter"),
        ({"retention": {"calls": {"data_class": "technical"}}}, "has no term"),
        ({"transfers": {"this_machine": {"basis": "scc"}}}, "needs review_by"),
        ({"transfers": {"within_eea": {"countries": ["france"]}}}, "two-letter codes"),
        (
            {"purposes": {"chat_answer": {"recipients": ["openai"]}}},
            "recipients.mistral: no purpose names it",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unlawful_or_loose_setting_is_refused(overlay: dict[str, Any], finding: str) -> None:
    found = findings_with(overlay)

    assert any(finding in sentence for sentence in found), found


def test_a_way_out_that_nobody_uses_is_refused() -> None:
    unused = {
        "basis": "adequacy",
        "countries": ["CH"],
        "instrument": "x",
        "review_by": chapters.packaged()["transfers"]["us_standard_clauses"]["review_by"],
        "source": "x",
    }

    found = findings_with({"transfers": {"swiss": unused}})

    assert found == ["transfers.swiss: no recipient uses it"]
