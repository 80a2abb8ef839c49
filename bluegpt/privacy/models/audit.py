"""What staff did: a chain of entries that are written once, and its head."""

from django.db import models


class StaffAct(models.Model):
    """One act. Triggers refuse every change, and deletion before the term of the log."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)  # null: the operator at the console
    verb = models.CharField(max_length=40)
    object_id = models.UUIDField()
    facts = models.JSONField(default=dict)  # codes and ids, no words about a person
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["actor_id", "-number"], name="privacy_acts_of_actor"),
            models.Index(fields=["object_id", "-number"], name="privacy_acts_on_object"),
        ]


class StaffActHead(models.Model):
    """The last entry of the chain, in the one row that writers queue for."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="privacy_one_head_of_acts")
        ]
