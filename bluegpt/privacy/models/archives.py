"""Archives that people asked for or bring back: one at a time per person, in sealed pieces."""

from django.db import models

from bluegpt.core.ids import new_id
from bluegpt.privacy.types.archives import ArchiveKind, ArchiveState


class Archive(models.Model):
    """An archive in the making, or waiting for its one download. Its end leaves no row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=12, choices=[(k, k) for k in ArchiveKind])
    state = models.CharField(max_length=8, choices=[(s, s) for s in ArchiveState])
    language = models.CharField(max_length=2)
    asked_at = models.DateTimeField()
    alerted_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="making") | models.Q(ready_at__isnull=False),
                name="privacy_archive_ready_since",
            ),
        )


class ArchivePiece(models.Model):
    """A part of an archive's bytes. The row comes before the file, so that no file is nameless."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    archive = models.ForeignKey(Archive, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    file_key = models.CharField(max_length=100)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["archive", "number"], name="privacy_pieces_of_archive"),
        )


class ArchiveReturn(models.Model):
    """What became of an archive that somebody brought back. Its id is what new ids count from.

    From `begun_at` on it was found whole and is being written; a run that was cut off goes on.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    brought_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=40, default="")
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person_id", "sha256"], name="privacy_one_return_per_archive"
            ),
        )
