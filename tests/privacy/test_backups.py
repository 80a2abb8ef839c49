"""The life of backups is short enough for an erasure to end, and its end is computed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bluegpt.core import clock
from bluegpt.core import erasures as data
from bluegpt.core.ids import new_id
from bluegpt.core.models import AppliedErasure
from bluegpt.privacy.jobs import forget_erasures
from bluegpt.privacy.queries.horizon import horizon
from bluegpt.vault.models import Erasure
from bluegpt.vault.services import erasures
from tests.privacy.test_linting import findings_with

ERASED_AT = datetime(2028, 2, 20, 12, tzinfo=UTC)
KIND = "tests.nothing"


@data.ends(KIND)
def _end(_subject: str) -> None:
    """Nothing to end."""


@pytest.mark.parametrize(
    ("overlay", "finding"),
    [
        ({"vault": {"kept": "P31D"}, "data": {"kept": "P40D"}}, "longer than 30 days"),
        ({"vault": {"kept": "P30D"}, "data": {"kept": "P29D"}}, "longer than data.kept"),
        ({"data": {"kept": "P44D"}}, "longer than every backup lives"),
        ({"data": {"kept": "P1M"}}, "a number of days"),
        ({"vault": {"kept": "P0D"}}, "a number of days"),
        ({"pruned_every": "P1M"}, "a number of days"),
        ({"tape": {"kept": "P1D", "holds": "x", "why": "x"}}, "tape does not exist"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_life_that_would_leave_an_erasure_without_end_is_refused(
    overlay: dict[str, Any], finding: str
) -> None:
    found = findings_with({"backups": overlay})

    assert any(finding in each for each in found), found


def test_the_horizon_is_computed_from_the_lives_of_the_backups() -> None:
    found = horizon(ERASED_AT)

    assert found.sealed_until == datetime(2028, 3, 6, 12, tzinfo=UTC)
    assert found.clear_until == datetime(2028, 3, 22, 12, tzinfo=UTC)


def test_another_life_is_another_horizon(overlay: Callable[[str], None]) -> None:
    overlay('[backups.vault]\nkept = "P2D"\n')

    assert horizon(ERASED_AT).sealed_until == datetime(2028, 2, 23, 12, tzinfo=UTC)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True, databases=["default", "vault"])
def test_the_journal_outlives_every_backup_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    erasures.erase(KIND, new_id())
    noted_at = Erasure.objects.get().noted_at

    monkeypatch.setattr(clock, "now", lambda: horizon(noted_at).clear_until)
    forget_erasures()
    assert Erasure.objects.count() == AppliedErasure.objects.count() == 1

    monkeypatch.setattr(clock, "now", lambda: noted_at.replace(year=noted_at.year + 1))
    forget_erasures()
    assert Erasure.objects.count() == AppliedErasure.objects.count() == 0
