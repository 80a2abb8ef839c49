"""Paid calls: what was asked of whom, what it used and what it cost."""

from django.db import models
from django.db.models import Q

from bluegpt.studio.types.calls import CallState


class Call(models.Model):
    """One paid answer, request for pictures, or film.

    Its id is also the id of its first hold, so the two cannot part.

    `ceiling_microcredits` is the most that the person was told it can cost; what is held for it
    grows towards that in steps. While `cost_is_in_doubt`, nothing is charged and all is held.
    No content here: this row outlives the conversation, as the ledger does. `request_digest` tells
    a repeated request from another one; it is keyed with a secret that is not stored.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField()
    state = models.CharField(max_length=12, choices=[(s, s) for s in CallState])
    model_key = models.CharField(max_length=200)
    model_name = models.CharField(max_length=200)
    recipient = models.CharField(max_length=40)
    sku = models.CharField(max_length=200)
    is_temporary = models.BooleanField(default=False)
    request_digest = models.CharField(max_length=32, default="")
    response_id = models.CharField(max_length=200, default="")
    finish = models.CharField(max_length=12, default="")
    error_code = models.CharField(max_length=40, default="")
    input_tokens = models.PositiveBigIntegerField(default=0)
    cached_input_tokens = models.PositiveBigIntegerField(default=0)
    cache_write_tokens = models.PositiveBigIntegerField(default=0)
    cache_write_long_tokens = models.PositiveBigIntegerField(default=0)
    image_input_tokens = models.PositiveBigIntegerField(default=0)
    audio_input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    reasoning_tokens = models.PositiveBigIntegerField(default=0)
    image_output_tokens = models.PositiveBigIntegerField(default=0)
    audio_output_tokens = models.PositiveBigIntegerField(default=0)
    video_output_tokens = models.PositiveBigIntegerField(default=0)
    searches = models.PositiveBigIntegerField(default=0)
    tool_calls = models.PositiveBigIntegerField(default=0)
    pictures = models.PositiveBigIntegerField(default=0)  # those that were billed by the piece
    video_seconds = models.PositiveBigIntegerField(default=0)  # those that were billed as such
    usage_source = models.CharField(max_length=12, default="estimated")
    reported_usage = models.JSONField(default=dict)  # as it came, where it was not believed
    ceiling_microcredits = models.PositiveBigIntegerField()
    charged_microcredits = models.PositiveBigIntegerField(default=0)
    cost_is_in_doubt = models.BooleanField(default=False)
    cost_nanousd = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField()
    stop_asked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["lease_until"], condition=Q(state="live"), name="studio_live_calls"
            ),
            models.Index(fields=["person_id", "-created_at"], name="studio_calls_of_person"),
            models.Index(fields=["ended_at", "id"], name="studio_calls_by_age"),
            models.Index(
                fields=["recipient", "dispatched_at", "id"], name="studio_calls_of_recipient"
            ),
        )
