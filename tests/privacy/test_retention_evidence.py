"""The evidence of the clock says what is so today, or raises."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bluegpt.core import clock
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import Attestation
from bluegpt.privacy.queries.evidence import retention as evidence
from bluegpt.privacy.services import ending, retention
from tests.privacy.lives import closed, lived

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
LONG_AGO = datetime(2015, 1, 31, tzinfo=UTC)


def test_nothing_is_attested_before_the_first_run() -> None:
    with pytest.raises(NoEvidence):
        evidence.attested()


def test_a_clean_run_is_evidence_for_a_day_and_a_half() -> None:
    closed(lived(LONG_AGO), LONG_AGO)
    retention.run()
    assert re.search(r": [1-9]\d* ended, 0 kept", evidence.attested())
    assert evidence.no_identity_beyond_its_term().startswith("0 closed accounts are kept")
    assert "180 days" in evidence.connections_end()

    Attestation.objects.update(finished_at=clock.now() - timedelta(hours=37))

    with pytest.raises(NoEvidence):
        evidence.attested()


def test_a_run_that_left_something_is_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    closed(lived(LONG_AGO), LONG_AGO)
    monkeypatch.setattr(ending, "end_rows", lambda *_args, **_more: 0)
    retention.run()

    with pytest.raises(NoEvidence, match="left"):
        evidence.connections_end()
