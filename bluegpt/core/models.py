"""The tables of the ground: queued jobs, and when each schedule is next due."""

from django.db import models
from django.db.models import Q

from bluegpt.core import clock
from bluegpt.core.ids import new_id


class Job(models.Model):
    """One piece of background work. A finished job is deleted; its effect is its record."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=100)
    payload = models.JSONField()
    state = models.CharField(max_length=7, choices=State, default=State.READY)
    run_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_max = models.PositiveSmallIntegerField()
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=100, blank=True, default="")
    unique_key = models.CharField(max_length=200, blank=True, default="")
    # Where the last attempt broke: error type and line, never its message, which may quote content.
    fault = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "unique_key"],
                condition=Q(state__in=["ready", "running"]) & ~Q(unique_key=""),
                name="core_job_unique_key",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True, worker="")),
                name="core_job_only_running_is_leased",
            ),
        ]
        indexes = [
            models.Index(
                fields=["run_at", "id"],
                condition=Q(state="ready"),
                name="core_job_ready",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state="running"),
                name="core_job_leased",
            ),
        ]


class Schedule(models.Model):
    """When a scheduled job is next due, for all workers together."""

    name = models.CharField(max_length=100, primary_key=True)
    next_at = models.DateTimeField(default=clock.now)


class AppliedErasure(models.Model):
    """An erasure that this database has been through: the data's copy of the vault's note."""

    id = models.UUIDField(primary_key=True)
    sequence = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=160)
    noted_at = models.DateTimeField(db_index=True)
