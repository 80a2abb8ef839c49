"""Conversations, messages and attachments.

What people write and get is sealed per object under their content key; the columns in clear
carry only what is needed to find, order and bill.
"""

from django.db import models
from django.db.models import Q

from bluegpt.accounts.models import Person
from bluegpt.core.ids import new_id
from bluegpt.providers.types.turns import Role
from bluegpt.studio.models.calls import Call


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
