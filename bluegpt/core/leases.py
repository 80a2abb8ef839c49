"""How a worker holds a job: claim, renew, finish, retry, give back.

A claim is a lease. Whoever holds it renews it; when it runs out (the process was killed) the job
is ready again. Every finishing write names the worker and the running state, so a worker that has
lost its lease changes nothing.

The instants are those of this machine's clock: with several hosts, keep them on NTP; a lease
outlives any sane difference.
"""

import traceback
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from bluegpt.core import clock
from bluegpt.core.jobs import Again, checked
from bluegpt.core.models import Job

LEASE_S = 60.0
_BACKOFF_FIRST_S = 5
_BACKOFF_MAX_S = 3600
_FREE = {"worker": "", "lease_until": None}


def claim(*, worker: str, lease_s: float, due: Q) -> Job | None:
    """Take the oldest due job, or none. Two workers never take the same one."""
    ready = Job.objects.filter(due, state=Job.State.READY).order_by("run_at", "id")
    if not ready.exists():  # no write lock is taken to find an empty queue
        return None
    return _take(ready, worker=worker, lease_s=lease_s)


def claim_one(job_id: UUID, *, worker: str, lease_s: float) -> Job | None:
    """Take this very job, due or not, if nobody has it."""
    ready = Job.objects.filter(id=job_id, state=Job.State.READY)
    return _take(ready, worker=worker, lease_s=lease_s)


def renew(job_ids: Collection[UUID], *, worker: str, lease_s: float) -> None:
    """Keep running jobs for another lease."""
    until = clock.now() + timedelta(seconds=lease_s)
    Job.objects.filter(id__in=job_ids, worker=worker, state=Job.State.RUNNING).update(
        lease_until=until
    )


def finish(job: Job) -> bool:
    """Delete a job that is done. False when the lease had been lost."""
    deleted, _per_model = _mine(job).delete()
    return deleted == 1


def put_back(job: Job, again: Again) -> bool:
    """Ready again after the delay, with the new payload, attempts at zero."""
    payload = job.payload if again.payload is None else checked(again.payload)
    run_at = clock.now() + timedelta(seconds=again.delay_s)
    changed = _mine(job).update(
        state=Job.State.READY, run_at=run_at, payload=payload, attempts=0, **_FREE
    )
    return changed == 1


def retry(job: Job, error: Exception) -> bool:
    """Ready again after a growing pause, or failed when the attempts are used up."""
    if job.attempts >= job.attempts_max:
        changed = _mine(job).update(state=Job.State.FAILED, fault=fault_of(error), **_FREE)
        return changed == 1
    run_at = clock.now() + timedelta(seconds=backoff_s(job.attempts))
    changed = _mine(job).update(
        state=Job.State.READY, run_at=run_at, fault=fault_of(error), **_FREE
    )
    return changed == 1


def reap() -> int:
    """Give back the jobs of dead workers; returns how many.

    A job that dies with its process each time fails in the end, like one that raises.
    """
    expired = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=clock.now())
    if not expired.exists():
        return 0
    fault = "the worker died or lost its lease"
    failed = expired.filter(attempts__gte=F("attempts_max")).update(
        state=Job.State.FAILED, fault=fault, **_FREE
    )
    ready = expired.update(state=Job.State.READY, run_at=clock.now(), fault=fault, **_FREE)
    return failed + ready


def backoff_s(attempts: int) -> int:
    """Seconds to wait after that many attempts: 5, 10, 20 … an hour at most."""
    return min(_BACKOFF_FIRST_S << min(attempts - 1, 20), _BACKOFF_MAX_S)


def fault_of(error: Exception) -> str:
    """The type of an error and the line that raised it; never its message."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"[:200]


def _take(ready: QuerySet[Job], *, worker: str, lease_s: float) -> Job | None:
    with transaction.atomic():
        # PostgreSQL: others step over the locked row. SQLite: the transaction is IMMEDIATE, so
        # there is only one of us in here.
        if connection.features.has_select_for_update_skip_locked:
            ready = ready.select_for_update(skip_locked=True)
        job = ready.first()
        if job is not None:
            job.state = Job.State.RUNNING
            job.worker = worker
            job.lease_until = clock.now() + timedelta(seconds=lease_s)
            job.attempts += 1
            job.save(update_fields=["state", "worker", "lease_until", "attempts"])
    return job


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(id=job.id, worker=job.worker, state=Job.State.RUNNING)
