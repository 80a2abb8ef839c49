"""Events: written with the fact, delivered after the commit, retried by the worker."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from bluegpt.core import events
from bluegpt.core.clock import now
from bluegpt.core.models import Job
from bluegpt.core.worker import Worker

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

heard: list[tuple[str, "Landed"]] = []
broken_listeners: set[str] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed(events.Event):
    person_id: UUID
    place: str
    passengers: int


@events.listen(Landed)
def tower(event: Landed) -> None:
    if "tower" in broken_listeners:
        raise OSError
    heard.append(("tower", event))


@events.listen(Landed)
def taxi(event: Landed) -> None:
    heard.append(("taxi", event))


@pytest.fixture(autouse=True)
def silence() -> None:
    heard.clear()
    broken_listeners.clear()


@pytest.fixture
def landed(person_id: UUID) -> Landed:
    return Landed(person_id=person_id, place="Orly", passengers=180)


@pytest.mark.django_db(transaction=True)
def test_listeners_have_heard_when_the_transaction_has_ended(landed: Landed) -> None:
    with transaction.atomic():
        events.publish(landed)
        assert heard == []

    assert sorted(name for name, _event in heard) == ["taxi", "tower"]
    assert all(event == landed for _name, event in heard)
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_fact_is_no_news(landed: Landed) -> None:
    with transaction.atomic():
        events.publish(landed)
        transaction.set_rollback(True)

    assert heard == []
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_failing_listener_neither_breaks_the_publisher_nor_the_other_listener(
    landed: Landed,
) -> None:
    broken_listeners.add("tower")

    events.publish(landed)

    assert [name for name, _event in heard] == ["taxi"]
    assert Job.objects.get().payload["listener"].endswith("tower")


@pytest.mark.django_db(transaction=True)
def test_the_worker_retries_what_a_listener_failed_to_take(landed: Landed) -> None:
    broken_listeners.add("tower")
    events.publish(landed)
    broken_listeners.clear()
    heard.clear()

    Job.objects.update(run_at=now())
    Worker().run_pending()

    assert heard == [("tower", landed)]


def test_the_worker_delivers_what_a_dead_publisher_left(landed: Landed) -> None:
    events.publish(landed)  # the test's transaction never commits, as if the process had died

    assert heard == []
    assert Worker().run_pending() == 2
    assert sorted(name for name, _event in heard) == ["taxi", "tower"]


def test_an_event_without_listeners_costs_nothing() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Unheard(events.Event):
        number: int

    events.publish(Unheard(number=1))

    assert not Job.objects.exists()


def test_an_event_carries_only_ids_codes_and_numbers() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Blob(events.Event):
        body: Any

    with pytest.raises(TypeError, match="body"):
        events.listen(Blob)(lambda event: None)
