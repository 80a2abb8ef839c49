"""Erasures under way, and the receipts of those that have ended."""

from django.db import models

from bluegpt.core.ids import new_id
from bluegpt.privacy.types.receipts import ErasureScope


class ErasureRun(models.Model):
    """An erasure between its order and its receipt. The address goes with the row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField(unique=True)
    scope = models.CharField(max_length=8, choices=[(s, s) for s in ErasureScope])
    address = models.EmailField()
    language = models.CharField(max_length=2)
    found = models.JSONField(default=dict)  # rows, keys and recipients, as they were at the start
    asked_at = models.DateTimeField()


class Receipt(models.Model):
    """What an erasure did, signed. It names nobody: whoever holds the link knows whose it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link_sha256 = models.CharField(max_length=64, unique=True)
    document = models.JSONField()
    made_at = models.DateTimeField(db_index=True)
