"""Jobs: queued with the transaction, run once if all goes well, and again if it does not."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction

from bluegpt.core import clock, jobs, leases
from bluegpt.core.models import Job
from bluegpt.core.worker import Worker

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

ran: list[int] = []


@jobs.job("test.note")
def note(payload: jobs.Payload) -> None:
    ran.append(payload["number"])


@jobs.job("test.broken", attempts_max=3)
def broken(payload: jobs.Payload) -> None:
    ran.append(payload["number"])
    raise ZeroDivisionError("a secret in a message")


@jobs.job("test.waiting")
def waiting(payload: jobs.Payload) -> None:
    ran.append(payload["number"])
    if payload["number"] < 3:
        raise jobs.Again(delay_s=0, payload={"number": payload["number"] + 1})


@pytest.fixture(autouse=True)
def nothing_ran() -> None:
    ran.clear()


def due_now() -> None:
    """Let the pauses between attempts pass."""
    Job.objects.filter(state=Job.State.READY).update(run_at=clock.now())


def test_a_job_runs_once_and_leaves_no_row() -> None:
    jobs.enqueue("test.note", {"number": 7})

    assert Worker().run_pending() == 1
    assert Worker().run_pending() == 0
    assert ran == [7]
    assert not Job.objects.exists()


def test_a_rolled_back_transaction_queues_nothing() -> None:
    with transaction.atomic():
        jobs.enqueue("test.note", {"number": 1})
        transaction.set_rollback(True)

    assert Worker().run_pending() == 0


def test_a_later_job_waits_for_its_time() -> None:
    jobs.enqueue("test.note", {"number": 1}, run_at=clock.now() + timedelta(seconds=60))

    assert Worker().run_pending() == 0
    assert Job.objects.count() == 1


def test_the_oldest_due_job_runs_first() -> None:
    past = clock.now() - timedelta(seconds=60)
    jobs.enqueue("test.note", {"number": 2})
    jobs.enqueue("test.note", {"number": 1}, run_at=past)

    Worker().run_pending()

    assert ran == [1, 2]


def test_a_unique_key_queues_one_job_and_leaves_the_transaction_alive() -> None:
    with transaction.atomic():
        jobs.enqueue("test.note", {"number": 1}, unique_key="one")
        jobs.enqueue("test.note", {"number": 2}, unique_key="one")
        jobs.enqueue("test.note", {"number": 3}, unique_key="other")
        jobs.enqueue("test.waiting", {"number": 9}, unique_key="one")

    Worker().run_pending()

    assert ran == [1, 3, 9]


def test_a_unique_key_is_free_again_when_its_job_has_ended() -> None:
    jobs.enqueue("test.note", {"number": 1}, unique_key="one")
    Worker().run_pending()

    jobs.enqueue("test.note", {"number": 2}, unique_key="one")
    Worker().run_pending()

    assert ran == [1, 2]


def test_a_broken_job_is_tried_again_with_growing_pauses_then_kept_as_failed() -> None:
    jobs.enqueue("test.broken", {"number": 1})

    assert Worker().run_pending() == 1
    first = Job.objects.get()
    assert first.state == Job.State.READY
    assert timedelta(seconds=4) < first.run_at - clock.now() <= timedelta(seconds=5)
    due_now()
    Worker().run_pending()
    assert Job.objects.get().run_at - clock.now() > timedelta(seconds=9)
    due_now()
    Worker().run_pending()

    failed = Job.objects.get()
    assert failed.state == Job.State.FAILED
    assert ran == [1, 1, 1]


def test_the_record_of_a_fault_names_the_place_and_never_the_message() -> None:
    jobs.enqueue("test.broken", {"number": 1})

    Worker().run_pending()

    fault = Job.objects.get().fault
    assert fault.startswith("ZeroDivisionError at test_jobs.py:")
    assert "secret" not in fault


def test_pauses_double_up_to_an_hour() -> None:
    assert [leases.backoff_s(attempts) for attempts in (1, 2, 3)] == [5, 10, 20]
    assert leases.backoff_s(500) == 3600


def test_again_carries_state_and_uses_up_no_attempt() -> None:
    jobs.enqueue("test.waiting", {"number": 0})

    assert Worker().run_pending() == 4

    assert ran == [0, 1, 2, 3]
    assert not Job.objects.exists()


def test_a_job_whose_worker_died_is_ready_after_its_lease() -> None:
    jobs.enqueue("test.note", {"number": 1})
    row = Job.objects.get()
    leases.claim_one(row.id, worker="dead", lease_s=-1)

    assert Worker().run_pending() == 0
    assert leases.reap() == 1
    assert Worker().run_pending() == 1


def test_a_job_that_kills_its_worker_every_time_fails_in_the_end() -> None:
    jobs.enqueue("test.broken", {"number": 1})
    row = Job.objects.get()

    for _ in range(3):
        assert leases.claim_one(row.id, worker="dead", lease_s=-1)
        leases.reap()

    assert Job.objects.get().state == Job.State.FAILED


def test_a_live_lease_is_not_reaped_and_a_renewed_one_lives() -> None:
    jobs.enqueue("test.note", {"number": 1})
    row = Job.objects.get()
    leases.claim_one(row.id, worker="alive", lease_s=-1)

    leases.renew([row.id], worker="alive", lease_s=60)

    assert leases.reap() == 0
    assert Job.objects.get().state == Job.State.RUNNING


def test_a_worker_that_lost_its_lease_changes_nothing() -> None:
    jobs.enqueue("test.note", {"number": 1})
    row = Job.objects.get()
    lost = leases.claim_one(row.id, worker="slow", lease_s=-1)
    leases.reap()
    leases.claim_one(row.id, worker="quick", lease_s=60)
    assert lost is not None

    assert not leases.finish(lost)
    assert not leases.retry(lost, ValueError())
    assert not leases.put_back(lost, jobs.Again(delay_s=0))

    assert Job.objects.get().worker == "quick"


def test_a_job_this_process_does_not_know_is_left_to_others() -> None:
    Job.objects.create(name="test.of_another_release", payload={}, attempts_max=1)

    worker = Worker()

    assert not worker._run_one()
    assert Job.objects.get().state == Job.State.READY


@pytest.mark.parametrize(
    "payload", [{"text": "x" * 201}, {"nested": {"a": 1}}, {"texts": ["y" * 500]}, {"raw": b"z"}]
)
def test_a_payload_that_could_carry_content_is_refused(payload: jobs.Payload) -> None:
    with pytest.raises(ValueError, match="id"):
        jobs.enqueue("test.note", payload)


def test_an_unknown_name_is_refused_at_once() -> None:
    with pytest.raises(LookupError):
        jobs.enqueue("test.no_such_job", {})


def test_a_name_is_taken_only_once() -> None:
    with pytest.raises(ValueError, match=r"test\.note"):
        jobs.job("test.note")(lambda payload: None)


def test_failed_jobs_are_forgotten_after_thirty_days() -> None:
    for days in (29, 31):
        Job.objects.create(
            name="test.note",
            payload={"number": days},
            attempts_max=1,
            state=Job.State.FAILED,
            run_at=clock.now() - timedelta(days=days),
        )

    jobs.forget_failed_jobs()

    assert [row.payload for row in Job.objects.all()] == [{"number": 29}]


@pytest.mark.django_db(transaction=True)
def test_enqueueing_wakes_a_sleeping_worker_at_once() -> None:
    worker = Worker(poll_s=60)
    worker.start()
    try:
        time.sleep(0.3)  # both threads have seen an empty queue and sleep

        started_s = clock.monotonic_s()
        jobs.enqueue("test.note", {"number": 5})
        while not ran and clock.monotonic_s() - started_s < 10:
            time.sleep(0.005)

        assert ran == [5]
        assert clock.monotonic_s() - started_s < 5
    finally:
        assert worker.stop(timeout_s=10)


@pytest.mark.django_db(transaction=True)
def test_stopping_waits_for_the_running_job_and_takes_no_other() -> None:
    started, may_end = threading.Event(), threading.Event()

    def hold(payload: jobs.Payload) -> None:
        started.set()
        may_end.wait(10)
        ran.append(payload["number"])

    jobs.known["test.hold"] = jobs.Known(function=hold, attempts_max=1)
    worker = Worker(threads=1)
    worker.start()
    jobs.enqueue("test.hold", {"number": 1})
    jobs.enqueue("test.note", {"number": 2})
    assert started.wait(10)

    threading.Timer(0.3, may_end.set).start()
    assert worker.stop(timeout_s=10)

    assert ran == [1]
    assert [row.name for row in Job.objects.all()] == ["test.note"]


@pytest.mark.django_db(transaction=True)
def test_a_running_job_keeps_its_lease_for_as_long_as_it_works() -> None:
    started = threading.Event()

    def long(payload: jobs.Payload) -> None:
        started.set()
        time.sleep(2)
        ran.append(payload["number"])

    jobs.known["test.long"] = jobs.Known(function=long, attempts_max=5)
    worker = Worker(threads=2, lease_s=0.6, poll_s=0.05)
    worker.start()
    jobs.enqueue("test.long", {"number": 1})
    assert started.wait(10)

    time.sleep(2.5)

    assert worker.stop(timeout_s=10)
    assert ran == [1]
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_three_workers_run_each_of_three_hundred_jobs_once() -> None:
    workers = [Worker(threads=1, poll_s=0.05) for _ in range(3)]
    with transaction.atomic():
        for number in range(300):
            jobs.enqueue("test.note", {"number": number})

    for worker in workers:
        worker.start()
    deadline_s = clock.monotonic_s() + 60
    while Job.objects.filter(name="test.note").exists() and clock.monotonic_s() < deadline_s:
        time.sleep(0.05)

    assert all(worker.stop(timeout_s=10) for worker in workers)
    assert sorted(ran) == list(range(300))
