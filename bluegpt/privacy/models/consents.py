"""Decisions, the screens on which they were made, and the chain that proves them."""

from django.db import models


class ConsentScreen(models.Model):
    """A screen as it was shown, kept once, by the hash of its text."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    language = models.CharField(max_length=8)
    text = models.TextField()
    first_shown_at = models.DateTimeField()


class ConsentLink(models.Model):
    """One place of the chain: a commitment, and a digest that covers all before it."""

    number = models.BigIntegerField(primary_key=True)
    on = models.DateField()
    at = models.DateTimeField()
    commitment = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["on", "number"], name="privacy_consents_of_day")]


class ConsentHead(models.Model):
    """The end of the chain; whoever writes waits for it."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="privacy_one_head_of_consents")
        ]


class Consent(models.Model):
    """What somebody decided about one purpose. Never changed; gone five years after its end."""

    number = models.BigIntegerField(primary_key=True)
    person_id = models.UUIDField(null=True)
    device = models.CharField(max_length=64, default="")
    purpose = models.CharField(max_length=40)
    action = models.CharField(max_length=10)
    method = models.CharField(max_length=10)
    language = models.CharField(max_length=8)
    policy_digest = models.CharField(max_length=64)
    screen_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    salt = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-number"], name="privacy_consents_of_person"),
            models.Index(fields=["device", "-number"], name="privacy_consents_of_device"),
        ]
