"""Nothing of a deleted row is left in the database file or in its log."""

from pathlib import Path

import pytest
from django.db import connection

from bluegpt.core.jobs import known
from bluegpt.core.models import Job
from bluegpt.core.remains import cut_off_log
from tests import canary

SENTENCE = "a bittern that nobody saw counts the reeds of the western fen"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder() -> Path:
    """Where the database file and its log lie."""
    if connection.vendor != "sqlite":
        pytest.skip("the files of PostgreSQL are its own")
    return Path(str(connection.settings_dict["NAME"])).parent


def row(number: int) -> Job:
    return Job(
        name="core.forget_failed_jobs",
        payload={"words": f"{SENTENCE} {number} " * 3},
        attempts_max=1,
    )


def test_a_deleted_row_is_in_no_free_page_and_in_no_log(folder: Path) -> None:
    Job.objects.bulk_create(row(number) for number in range(200))
    kept = Job.objects.create(name="core.forget_failed_jobs", payload={}, attempts_max=1)
    assert canary.hits(SENTENCE, below=folder), "the search itself finds nothing"

    Job.objects.exclude(id=kept.id).delete()
    assert cut_off_log()

    assert canary.hits(SENTENCE, below=folder) == []
    assert Job.objects.get().id == kept.id


def test_a_value_that_was_written_over_is_gone_as_well(folder: Path) -> None:
    job = row(1)
    job.save()
    assert cut_off_log()
    assert canary.hits(SENTENCE, below=folder)

    Job.objects.update(payload={"words": "short"})
    assert cut_off_log()

    assert canary.hits(SENTENCE, below=folder) == []


def test_the_log_is_cut_off_by_the_clock() -> None:
    assert known["core.cut_off_log"].every_s == 300
