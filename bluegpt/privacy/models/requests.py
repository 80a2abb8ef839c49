"""Requests about somebody's data, the steps they go through, and what belongs to them for a while.

Words, names and addresses are sealed under the person's request key. A person without an account
is known by an id that is made for the request.
"""

from django.db import models
from django.db.models import Q

from bluegpt.core.ids import new_id


class Request(models.Model):
    """One request. Its clock starts on `received_on`, whatever happens later."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=12, unique=True)  # what letters call it
    person_id = models.UUIDField()
    has_account = models.BooleanField()
    right = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=20)
    proof = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    received_on = models.DateField()
    due_on = models.DateField()
    is_extended = models.BooleanField(default=False)
    alerted_percent = models.PositiveSmallIntegerField(default=0)
    contact_sealed = models.BinaryField(default=b"")
    words_sealed = models.BinaryField(default=b"")
    # The code itself is stored nowhere: it is made again from this instant when it is checked.
    code_sent_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    policy_digest = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-opened_at"], name="privacy_requests_of_person"),
            models.Index(
                fields=["due_on"], condition=Q(decided_at=None), name="privacy_requests_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gt=models.F("received_on")), name="privacy_due_after_receipt"
            ),
        ]


class RequestStep(models.Model):
    """Something that happened to a request: written once, by somebody, at an instant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    second_by = models.CharField(max_length=100, blank=True, default="")
    code = models.CharField(max_length=40, blank=True, default="")
    words_sealed = models.BinaryField(default=b"")

    class Meta:
        indexes = [models.Index(fields=["request", "id"], name="privacy_steps_of_request")]


class IdentityDocument(models.Model):
    """A masked copy, while its request waits for a decision; one at a time for a person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="+")
    media_type = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    copy_sealed = models.BinaryField()


class RecipientNotice(models.Model):
    """A recipient who has to be told of a correction, an erasure or a restriction.

    Source: GDPR, Art. 19.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="+")
    recipient = models.CharField(max_length=40)
    named_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "recipient"], name="privacy_one_notice_per_recipient"
            )
        ]
