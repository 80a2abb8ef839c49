"""Who was told what: pseudonyms towards recipients, and one disclosure per call."""

from django.db import models

from bluegpt.core.ids import new_id


class Pseudonym(models.Model):
    """A person's name towards one recipient: random, so that two recipients cannot compare."""

    person_id = models.UUIDField()
    recipient = models.CharField(max_length=40)
    value = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "recipient"], name="privacy_one_pseudonym_per_recipient"
            )
        ]


class Disclosure(models.Model):
    """Personal data left for a recipient. No content here, and no change afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call_id = models.UUIDField(unique=True)
    person_id = models.UUIDField()
    at = models.DateTimeField()
    purpose = models.CharField(max_length=40)
    basis = models.CharField(max_length=80)
    recipient = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    transfer_basis = models.CharField(max_length=10)
    data_classes = models.CharField(max_length=120)  # sorted, separated by spaces
    policy_digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-at"], name="privacy_disclosures_of_person"),
            models.Index(fields=["at", "id"], name="privacy_disclosures_by_age"),
        ]
