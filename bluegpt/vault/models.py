"""The vault's tables, in their own database: keys, and the record of their end."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from bluegpt.core import clock


class ClassKey(models.Model):
    """The key of one (person, data class), wrapped by the root key."""

    id = models.UUIDField(primary_key=True, default=uuid4)  # outlives the key: tells no time
    person_id = models.UUIDField()
    data_class = models.CharField(max_length=20)
    wrapped = models.BinaryField()
    root_id = models.CharField(max_length=16)  # a fingerprint of the root key
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "data_class"], name="vault_one_key_per_class"
            )
        ]


class Destruction(models.Model):
    """The journal of destroyed keys: written with the deletion, done when nothing is left on disk.

    An empty `data_class` means all of the person's keys, for good: that entry keeps the person's
    id, as the bar to new keys. Any other forgets it when it is done.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    person_id = models.UUIDField(null=True)
    data_class = models.CharField(max_length=20, blank=True, default="")
    keys_destroyed = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(done_at=None), name="vault_unfinished"),
            models.Index(
                fields=["person_id"], condition=Q(data_class=""), name="vault_erased_person"
            ),
        ]


class Tombstone(models.Model):
    """A destroyed key's random id, so that a key row that comes back from a backup stays dead."""

    key_id = models.UUIDField(primary_key=True)
    destroyed_at = models.DateTimeField(default=clock.now)


class Erasure(models.Model):
    """The journal of erasures: written before the data ends, done when it has ended.

    `subject` is the random id of what ends: a row, a file, a key, a person; of a choice also what
    was chosen, and when. The data database keeps a copy of every note that it has been through
    (`core.AppliedErasure`).
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    sequence = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=160)
    noted_at = models.DateTimeField(default=clock.now, db_index=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["noted_at"], condition=Q(done_at=None), name="vault_erasure_unfinished"
            ),
            models.Index(
                fields=["-sequence"], condition=~Q(done_at=None), name="vault_erasure_finished"
            ),
        ]
