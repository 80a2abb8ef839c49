"""The queue's own tests run with the queue's own jobs: no schedule of another app joins in."""

import pytest

from bluegpt.core import jobs


@pytest.fixture(autouse=True)
def only_jobs_of_these_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {
        name: entry
        for name, entry in jobs.known.items()
        if name.startswith("test.") or name == jobs.EVENT_DELIVERY
    }
    monkeypatch.setattr(jobs, "known", ours)
