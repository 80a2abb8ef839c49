"""What somebody was told of a company before their first message to it."""

from django.db import models

from bluegpt.core.ids import new_id


class Introduction(models.Model):
    """One person was told once of one recipient as it was then.

    `facts_sha256` names what was on the screen: the company, its country, what allows the
    transfer, what it keeps and whether it trains. Other facts are another introduction.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    recipient = models.CharField(max_length=40)
    facts_sha256 = models.CharField(max_length=64)
    policy_digest = models.CharField(max_length=64)
    occasion = models.CharField(max_length=10)  # sent | understood | refused
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "recipient", "facts_sha256"],
                name="privacy_introduced_once_per_facts",
            ),
            models.CheckConstraint(
                condition=models.Q(occasion__in=["sent", "understood", "refused"]),
                name="privacy_known_introduction",
            ),
        ]
