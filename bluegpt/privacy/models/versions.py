"""The versions of the policy that were in force, and who was shown which."""

from django.db import models


class PolicyVersion(models.Model):
    """One version: the whole manifest as it was published, from the moment it was first served.

    `effect` is what its changes ask of us (`types.versions.Effect`). `told_through` is the last
    person, by id, who was written to about it; `told_at` when the last of them was.
    """

    digest = models.CharField(max_length=64, unique=True)
    document = models.TextField()  # canonical JSON, whose SHA-256 is the digest
    effective_at = models.DateTimeField(unique=True)
    effect = models.PositiveSmallIntegerField()
    told_through = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)


class PolicyAcknowledgement(models.Model):
    """A person was shown a version and said so by a button: at sign-up, or when asked again."""

    person_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    occasion = models.CharField(max_length=12)  # sign_up | asked_again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "digest"], name="privacy_one_acknowledgement_per_version"
            ),
            models.CheckConstraint(
                condition=models.Q(occasion__in=["sign_up", "asked_again"]),
                name="privacy_known_occasion",
            ),
        ]
