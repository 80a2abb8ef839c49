"""What the clock remembers: accounts that are gone, and its daily word that nothing is overdue."""

from django.db import models


class FormerAccount(models.Model):
    """When an account was closed, once the account itself has ended. A random id and a date.

    Books outlive the person's row by years; without this nobody would know when to end them.
    """

    person_id = models.UUIDField(primary_key=True)
    closed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["closed_at", "person_id"], name="privacy_former_accounts"),
        ]


class Attestation(models.Model):
    """One run of the clock: what it ended, by rule, and what was still due when it looked again.

    `ended`, `left` and `spared` count rows (or keys) by rule. `spared` are rows whose term is
    over and that a legal hold or a restriction keeps.
    """

    id = models.BigAutoField(primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    policy_digest = models.CharField(max_length=64)
    ended = models.JSONField()
    left = models.JSONField()
    spared = models.JSONField()
    is_clean = models.BooleanField()
