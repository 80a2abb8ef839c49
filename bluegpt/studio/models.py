"""Conversations, messages, attachments, and the calls that made the answers.

What people write and get is sealed per object under their content key; the columns in clear
carry only what is needed to find, order and bill.
"""

from django.db import models
from django.db.models import Q

from bluegpt.accounts.models import Person
from bluegpt.core.ids import new_id
from bluegpt.providers.types.turns import Role
from bluegpt.studio.types.calls import CallState


class Conversation(models.Model):
    """A tree of messages. `leaf_id` is the last message of the branch on show."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    title_sealed = models.BinaryField()
    title_is_chosen = models.BooleanField(default=False)
    system_sealed = models.BinaryField(default=b"")
    model_key = models.CharField(max_length=200)
    leaf_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    pinned_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["person", "-last_message_at", "-id"],
                condition=Q(archived_at=None, pinned_at=None),
                name="studio_open_conversations",
            ),
            models.Index(
                fields=["person", "-last_message_at", "-id"],
                condition=~Q(archived_at=None),
                name="studio_archived_conversations",
            ),
            models.Index(
                fields=["person", "-pinned_at"],
                condition=~Q(pinned_at=None),
                name="studio_pinned_conversations",
            ),
        )


class Call(models.Model):
    """One paid answer: its id is also the id of its first hold, so the two cannot part.

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
    searches = models.PositiveBigIntegerField(default=0)
    tool_calls = models.PositiveBigIntegerField(default=0)
    pictures = models.PositiveBigIntegerField(default=0)  # those that were billed by the piece
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


class Message(models.Model):
    """A question or an answer. Children of one parent are alternatives to each other.

    An answer that came back in an archive has no call here; `made_by_sealed` says who made it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")
    role = models.CharField(max_length=10, choices=[(r, r) for r in Role])
    text_sealed = models.BinaryField(default=b"")
    reasoning_sealed = models.BinaryField(default=b"")
    made_by_sealed = models.BinaryField(default=b"")
    call = models.OneToOneField(Call, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = (
            # Search walks a person's messages from the newest; ids are in order of birth.
            models.Index(fields=["person", "-id"], name="studio_messages_of_person"),
            models.Index(fields=["conversation", "parent", "id"], name="studio_siblings"),
        )


class Attachment(models.Model):
    """A file beside a question, re-made on arrival and sealed in the file store."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    name_sealed = models.BinaryField()
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveBigIntegerField()
    width_px = models.PositiveIntegerField(default=0)
    height_px = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    file_key = models.CharField(max_length=100)
    created_at = models.DateTimeField()
