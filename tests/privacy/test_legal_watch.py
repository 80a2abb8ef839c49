"""The law moves: each change has a day and somebody in charge, and none is forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.checks import Warning

from bluegpt.core import clock
from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.apps import check_manifest
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries.evidence import policy
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import documents, linting, reading
from bluegpt.privacy.rules.lints import legal_watch

LATE = "[legal_watch.digital_omnibus]\nreview_by = 2026-11-21\n"


def test_no_law_that_is_watched_is_overdue_today() -> None:
    """This fails by itself once a day has passed: look at the law again, then move the day."""
    assert list(legal_watch.overdue(manifest(), today=clock.now().date())) == []


def test_an_overdue_law_is_announced_at_every_start(overlay: Callable[[str], None]) -> None:
    overlay(LATE)

    with time_machine.travel(datetime(2026, 11, 21, tzinfo=UTC), tick=False):
        on_the_day = check_manifest(None)
    with time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False):
        the_day_after = check_manifest(None)

    assert on_the_day == []
    assert [(type(each), each.msg) for each in the_day_after] == [
        (Warning, "legal_watch.digital_omnibus: to be reviewed by 2026-11-21")
    ]


def test_an_overdue_law_proves_nothing(overlay: Callable[[str], None]) -> None:
    assert policy.legal_watch()

    overlay(LATE)

    with (
        time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC), tick=False),
        pytest.raises(NoEvidence, match="digital_omnibus"),
    ):
        policy.legal_watch()


def test_a_law_needs_somebody_in_charge() -> None:
    nobody = {"legal_watch": {"digital_omnibus": {"owner": "somebody"}}}

    found = list(linting.findings(reading.read(documents.merged(chapters.packaged(), nobody))))

    assert found == ["legal_watch.digital_omnibus: owner 'somebody' is no role of staff"]
