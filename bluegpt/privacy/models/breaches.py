"""Breaches of personal data: all of them, whether anybody had to be told or not."""

from django.db import models

from bluegpt.core.ids import new_id


class Breach(models.Model):
    """One breach. It is about what happened; the people concerned are found by a question."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=120)
    natures = models.CharField(max_length=60)  # sorted, separated by spaces
    data_classes = models.CharField(max_length=120)  # sorted, separated by spaces
    recipient = models.CharField(max_length=40, default="")  # where it happened, if not here
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # null: not known, or still going on
    aware_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    people_about = models.PositiveIntegerField()
    records_about = models.PositiveIntegerField()
    consequences = models.CharField(max_length=2_000)
    measures = models.CharField(max_length=2_000)
    risk = models.CharField(max_length=8)
    filed_at = models.DateTimeField(null=True)  # the first notification
    filing_reference = models.CharField(max_length=100, default="")
    filing_is_complete = models.BooleanField(default=False)
    people_told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    evidence = models.CharField(max_length=2_000, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | ~models.Q(evidence=""),
                name="privacy_breach_closed_with_evidence",
            ),
        ]
        indexes = [models.Index(fields=["-aware_at"], name="privacy_breaches_by_awareness")]


class BreachAmendment(models.Model):
    """One change of a breach. Triggers refuse every change of it, and its early deletion.

    `changes` has by column what the breach said and what it says since, both as text; instants
    are ISO 8601 in UTC, and what is not known is empty.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500)
    changes = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="privacy_breach_amended_with_reason"
            ),
        ]
