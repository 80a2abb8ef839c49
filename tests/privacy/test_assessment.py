"""The impact assessment: drawn from the manifest, reviewed in time, or refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.checks import Warning

from bluegpt.core import clock
from bluegpt.ops.commands import privacy_register
from bluegpt.ops.errors import Complaint
from bluegpt.ops.parser import parser
from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.apps import check_manifest
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.errors.manifest import AssessmentOverdue
from bluegpt.privacy.queries.assessment import assessment
from bluegpt.privacy.queries.evidence import policy
from bluegpt.privacy.queries.manifest import manifest, policy_digest
from bluegpt.privacy.rules import documents, linting, reading
from bluegpt.privacy.rules.lints import assessment as lint

LATE = "[assessment.review]\nassessed_on = 2025-11-28\nreview_by = 2026-11-21\n"


def test_the_assessment_is_not_overdue_today() -> None:
    """This fails by itself once a day has passed: assess anew, then move the days."""
    assert list(lint.overdue(manifest(), today=clock.now().date())) == []


def test_an_overdue_assessment_is_refused_and_proves_nothing(
    overlay: Callable[[str], None],
) -> None:
    assert "SHA-256" in policy.assessed()

    overlay(LATE)

    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        with pytest.raises(AssessmentOverdue, match="2026-11-21"):
            assessment(language="en")
        with pytest.raises(NoEvidence, match="2026-11-21"):
            policy.assessed()
        with pytest.raises(Complaint):
            privacy_register.assessment(parser().parse_args(["privacy", "assessment"]))
        assert [type(each) for each in check_manifest(None)] == [Warning]


@pytest.mark.parametrize(
    ("laid", "finding"),
    [
        ({"events": {"loss": {"measures": ["prayer"]}}}, "'prayer' is not described"),
        ({"events": {"loss": {"measures": []}}}, "no measure is taken"),
        ({"events": {"access": {"likelihood": "maximum"}}}, "Art. 36"),
        ({"review": {"owner": "nobody"}}, "no role of staff"),
        ({"plan": {"two_keepers": {"owner": "nobody"}}}, "no role of staff"),
        ({"events": {"flood": chapters.packaged()["assessment"]["events"]["loss"]}}, "unknown"),
    ],
    ids=["no such measure", "no measure", "high risk", "no owner", "nobody's plan", "event"],
)
def test_a_loose_assessment_is_refused(laid: dict[str, Any], finding: str) -> None:
    document = documents.merged(chapters.packaged(), {"assessment": laid})

    found = list(linting.findings(reading.read(document)))

    assert len(found) == 1
    assert finding in found[0]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "What is feared"), ("fr", "Ce qui est redouté")]
)
def test_the_document_has_context_risks_and_plan(language: str, said: str) -> None:
    made = assessment(language=language)

    assert said in made.text
    assert policy_digest() in made.text
    purposes, risks = manifest().purposes.values(), manifest().assessment.risks.values()
    assert all(each.name.in_language(language) in made.text for each in purposes)
    assert all(each.name.in_language(language) in made.text for each in risks)
    plan = manifest().assessment.plan.values()
    assert all(each.what.in_language(language) in made.text for each in plan)
    assert made == assessment(language=language)


def test_the_command_writes_it_out_with_its_digest(capsys: pytest.CaptureFixture[str]) -> None:
    code = privacy_register.assessment(
        parser().parse_args(["privacy", "assessment", "--language", "fr"])
    )

    assert code == 0
    assert assessment(language="fr").sha256 in capsys.readouterr().out
