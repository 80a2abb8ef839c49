"""Who agreed that somebody new receives data, or that data serves something new."""

from django.db import models

from bluegpt.core.ids import new_id


class OnboardingApproval(models.Model):
    """One person's yes to an entry with exactly these facts. Written once, by trigger."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=80)  # "recipients.compatible"
    facts_sha256 = models.CharField(max_length=64)
    answered = models.CharField(max_length=200)  # the questions, sorted, separated by spaces
    approver = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "facts_sha256", "approver"],
                name="privacy_onboarding_by_different_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(answered=""), name="privacy_onboarding_after_a_checklist"
            ),
        ]
