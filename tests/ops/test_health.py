"""/health says yes or no, to anybody, and nothing else."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from django.db.utils import OperationalError
from django.test import Client

from bluegpt.core import clock
from bluegpt.core.models import Schedule
from bluegpt.credits.models import Verification

READY = "/health/ready"


pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture
def heartbeat() -> Schedule:
    """A schedule that a worker has just moved on."""
    Schedule.objects.all().delete()
    return Schedule.objects.create(
        name="studio.interrupted", next_at=clock.now() + timedelta(seconds=5)
    )


def test_a_working_process_is_ready(client: Client, heartbeat: Schedule) -> None:
    answer = client.get(READY)

    assert answer.status_code == 200
    assert json.loads(answer.content) == {
        "status": "ready",
        "checks": {
            "database": True,
            "vault": True,
            "migrations": True,
            "worker": True,
            "erasures": True,
        },
        "books": "not verified",
    }


@pytest.mark.parametrize(("is_sound", "word"), [(True, "sound"), (False, "broken")])
def test_books_that_do_not_add_up_are_told_and_stop_nobody(
    is_sound: bool, word: str, client: Client, heartbeat: Schedule
) -> None:
    Verification.objects.create(
        started_at=clock.now(),
        finished_at=clock.now(),
        last_sequence=0,
        transfer_count=0,
        is_sound=is_sound,
        findings=[],
    )

    answer = client.get(READY)

    assert answer.status_code == 200
    assert json.loads(answer.content)["books"] == word


def test_schedules_that_stand_still_mean_that_no_worker_runs(
    client: Client, heartbeat: Schedule
) -> None:
    heartbeat.next_at = clock.now() - timedelta(minutes=1)
    heartbeat.save()

    answer = client.get(READY)

    assert answer.status_code == 503
    assert json.loads(answer.content)["checks"]["worker"] is False


def test_before_the_first_beat_it_is_not_ready(client: Client, heartbeat: Schedule) -> None:
    heartbeat.delete()

    assert client.get(READY).status_code == 503


@pytest.fixture
def silent_vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The vault's database does not answer."""

    def silent() -> None:
        raise OperationalError("no route to vault.internal as bluegpt")

    with monkeypatch.context() as patch:
        patch.setattr(connections["vault"], "cursor", silent)
        yield


def test_a_database_that_is_silent_is_named_without_its_reason(
    client: Client, heartbeat: Schedule, silent_vault: None
) -> None:
    answer = client.get(READY)

    checks = json.loads(answer.content)["checks"]
    assert answer.status_code == 503
    assert (checks["database"], checks["vault"]) == (True, False)
    assert b"vault.internal" not in answer.content


def test_the_process_lives_without_its_databases(client: Client, silent_vault: None) -> None:
    answer = client.get("/health/live")

    assert answer.status_code == 200
    assert json.loads(answer.content) == {"status": "live"}


@pytest.mark.parametrize("path", ["/health/live", READY])
def test_health_is_read_only_and_leaves_no_trace(client: Client, path: str) -> None:
    answer = client.get(path)

    assert client.post(path).status_code == 405
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
