"""Runs queued jobs in threads of this process; any number of processes share one queue."""

import logging
import os
import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import Error as AnyDatabaseError
from django.db import close_old_connections, connections, transaction
from django.db.models import Q

from bluegpt.core import clock, jobs, leases
from bluegpt.core.ids import new_secret
from bluegpt.core.models import Job, Schedule

logger = logging.getLogger(__name__)

POLL_S = 0.5
_MIND_S = 1.0
_RUN_PENDING_MAX = 10_000


class Worker:
    """Some threads that run jobs, and one that keeps their leases and the schedules.

    Woken at once by what this process enqueues; what others enqueue, or what falls due, is seen
    within `poll_s`.
    """

    def __init__(
        self,
        *,
        threads: int = 2,
        lease_s: float = leases.LEASE_S,
        poll_s: float = POLL_S,
    ) -> None:
        self.name = worker_name()
        self._lease_s = lease_s
        self._poll_s = poll_s
        self._woken = threading.Event()
        self._is_draining = threading.Event()
        self._is_drained = threading.Event()
        self._running: set[UUID] = set()
        self._running_lock = threading.Lock()
        self._runners = [
            threading.Thread(target=self._work, name=f"jobs-{number}", daemon=True)
            for number in range(threads)
        ]
        self._minder = threading.Thread(target=self._mind, name="jobs-minder", daemon=True)

    def start(self) -> None:
        """Begin to work. A worker starts once."""
        jobs.wakes(self._woken)
        for thread in (*self._runners, self._minder):
            thread.start()

    def stop(self, timeout_s: float) -> bool:
        """Take no new job, wait for the running ones; True when all of them ended in time.

        A job cut off by the end of the process is run again when its lease runs out.
        """
        self._is_draining.set()
        self._woken.set()
        deadline_s = clock.monotonic_s() + timeout_s
        for thread in self._runners:
            thread.join(max(0.0, deadline_s - clock.monotonic_s()))
        self._is_drained.set()
        self._minder.join(max(1.0, deadline_s - clock.monotonic_s()))
        return not any(thread.is_alive() for thread in self._runners)

    def run_pending(self) -> int:
        """Run every job that is due, and every undelivered event, in the caller's thread.

        Returns how many ran. For tests and commands: no schedule fires, nothing waits.
        """
        for count in range(_RUN_PENDING_MAX):
            due = Q(run_at__lte=clock.now()) | Q(name=jobs.EVENT_DELIVERY, attempts=0)
            job = leases.claim(worker=self.name, lease_s=self._lease_s, due=due)
            if job is None:
                return count
            run(job)
        raise RuntimeError("the queue does not end: some job enqueues itself again and again")

    def _work(self) -> None:
        try:
            while not self._is_draining.is_set():
                # Cleared before looking: what is enqueued from here on wakes the next wait.
                self._woken.clear()
                is_idle = True
                with _surviving_the_database():
                    is_idle = not self._run_one()
                if is_idle and not self._is_draining.is_set():
                    self._woken.wait(self._poll_s)
        finally:
            connections.close_all()

    def _run_one(self) -> bool:
        due = Q(run_at__lte=clock.now(), name__in=jobs.known)
        job = leases.claim(worker=self.name, lease_s=self._lease_s, due=due)
        if job is None:
            return False
        with self._running_lock:
            self._running.add(job.id)
        try:
            run(job)
        finally:
            with self._running_lock:
                self._running.discard(job.id)
        return True

    def _mind(self) -> None:
        renewed_s = clock.monotonic_s()
        try:
            while not self._is_drained.wait(min(_MIND_S, self._lease_s / 6)):
                with _surviving_the_database():
                    if clock.monotonic_s() - renewed_s >= self._lease_s / 3:
                        renewed_s = clock.monotonic_s()
                        self._renew()
                    leases.reap()
                    if not self._is_draining.is_set():
                        fire_schedules()
        finally:
            connections.close_all()

    def _renew(self) -> None:
        with self._running_lock:
            running = tuple(self._running)
        if running:
            leases.renew(running, worker=self.name, lease_s=self._lease_s)


def worker_name() -> str:
    """A name that no other worker has: host, process, and some randomness."""
    return f"{platform.node()[:60]}:{os.getpid()}:{new_secret(6)}"


def run(job: Job) -> bool:
    """Run a claimed job and record how it ended; True when it is done."""
    try:
        jobs.known[job.name].function(job.payload)
    except jobs.Again as again:
        leases.put_back(job, again)
        return False
    except Exception as error:  # noqa: BLE001 - the border: whatever a job raises is tried again
        logger.warning(
            "job %s %s, attempt %d of %d: %s",
            job.name,
            job.id,
            job.attempts,
            job.attempts_max,
            leases.fault_of(error),
        )
        leases.retry(job, error)
        return False
    if not leases.finish(job):
        logger.warning("job %s %s ended after it had lost its lease", job.name, job.id)
    return True


def fire_schedules() -> int:
    """Enqueue every scheduled job whose time has come; returns how many.

    Compare-and-set on the due time: of all workers that see a turn, one takes it.
    """
    scheduled = {name: entry.every_s for name, entry in jobs.known.items() if entry.every_s}
    next_at = dict(Schedule.objects.values_list("name", "next_at"))
    unseen = [Schedule(name=name) for name in scheduled if name not in next_at]
    if unseen:
        Schedule.objects.bulk_create(unseen, ignore_conflicts=True)
        next_at |= dict(Schedule.objects.values_list("name", "next_at"))
    fired = 0
    for name, every_s in scheduled.items():
        now = clock.now()
        following = now + timedelta(seconds=every_s)
        # Beyond the following turn: the period was shortened since this row was written.
        if now < next_at[name] <= following:
            continue
        with transaction.atomic():
            mine = Schedule.objects.filter(name=name, next_at=next_at[name])
            if mine.update(next_at=following):
                jobs.enqueue(name, {}, unique_key=name)
                fired += 1
    return fired


@contextmanager
def _surviving_the_database() -> Iterator[None]:
    """A database that is away for a moment must not end a worker's thread."""
    try:
        yield
    except AnyDatabaseError as error:
        logger.warning("jobs: the database failed: %s", leases.fault_of(error))
    finally:
        close_old_connections()
