"""Evidence that the books were not changed, and that they added up."""

from django.db import models
from django.db.models import Q


class Block(models.Model):
    """A run of the journal, sealed: the chain of blocks is the journal's fingerprint.

    Covers the `transfer_count` transfers with `first_sequence` <= sequence <= `last_sequence`.
    `root` is their Merkle root, `branches` says of each run of 256 leaves where it starts and
    what its root is (queries/blocks.py), and `digest` covers the block before, the bounds, the
    root and the instant (rules/merkle.py). Immutable, like the journal.
    """

    number = models.PositiveIntegerField(primary_key=True)
    first_sequence = models.BigIntegerField(unique=True)
    last_sequence = models.BigIntegerField(unique=True)
    transfer_count = models.PositiveIntegerField()
    branches = models.BinaryField()
    root = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(transfer_count__gt=0, last_sequence__gte=models.F("first_sequence")),
                name="credits_block_not_empty",
            ),
        )


class Verification(models.Model):
    """One run of `verify` over all books: when, how far, and every finding."""

    id = models.BigAutoField(primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    last_sequence = models.BigIntegerField()
    transfer_count = models.BigIntegerField()
    is_sound = models.BooleanField()
    findings = models.JSONField()
    head_digest = models.CharField(max_length=64, default="")
