"""Scheduled jobs: once across all workers, never beside themselves."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from bluegpt.core import clock, jobs
from bluegpt.core.models import Job, Schedule
from bluegpt.core.worker import fire_schedules

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NAME = "test.hourly"


@pytest.fixture(autouse=True)
def only_one_schedule(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "known", {})
        jobs.every(NAME, seconds=3600)(lambda: None)
        yield


def test_a_schedule_fires_at_the_first_start_and_then_rests() -> None:
    assert fire_schedules() == 1
    assert fire_schedules() == 0

    assert [row.name for row in Job.objects.all()] == [NAME]
    assert Schedule.objects.get().next_at > clock.now() + timedelta(seconds=3590)


def test_a_schedule_fires_once_after_a_long_pause() -> None:
    Schedule.objects.create(name=NAME, next_at=clock.now() - timedelta(days=3))

    assert fire_schedules() == 1
    assert fire_schedules() == 0


def test_a_turn_is_skipped_while_the_last_one_still_runs() -> None:
    fire_schedules()
    Schedule.objects.update(next_at=clock.now() - timedelta(seconds=1))

    fire_schedules()

    assert Job.objects.count() == 1


def test_a_shortened_period_holds_from_the_next_look() -> None:
    Schedule.objects.create(name=NAME, next_at=clock.now() + timedelta(days=30))

    assert fire_schedules() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_takes_the_turn() -> None:
    Schedule.objects.create(name=NAME, next_at=clock.now() - timedelta(seconds=1))
    start, fired = threading.Barrier(6), []

    def look() -> None:
        start.wait()
        fired.append(fire_schedules())
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(fired) == [0, 0, 0, 0, 0, 1]
    assert Job.objects.count() == 1
