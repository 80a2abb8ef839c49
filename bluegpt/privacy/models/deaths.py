"""Deaths that were shown to us, and how far what the person laid down was followed."""

from django.db import models
from django.db.models import F, Q

from bluegpt.core.ids import new_id
from bluegpt.privacy.types.directives import DeathProof


class Death(models.Model):
    """One person's death: its proof as staff saw it, the two who agreed, and each step since.

    `reference` names the request with which the proof came. What happened is in the staff log too.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    reference = models.CharField(max_length=12)
    proof = models.CharField(max_length=12, choices=[(p, p) for p in DeathProof])
    seen_on = models.DateField()
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()
    first_approver = models.UUIDField(null=True)
    second_approver = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)  # what was wished erased was ordered erased
    link_sha256 = models.CharField(max_length=64, default="", db_index=True)
    sent_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # what was handed over was ordered erased
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(refused_at=None), name="privacy_one_death"
            ),
            models.CheckConstraint(
                condition=Q(second_approver=None)
                | (Q(first_approver__isnull=False) & ~Q(second_approver=F("first_approver"))),
                name="privacy_death_two_people",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(second_approver__isnull=False),
                name="privacy_death_followed_after_two",
            ),
        )
