"""What a person lays down for after their death. A changed wish is a new row."""

from django.db import models
from django.db.models import Q

from bluegpt.core.ids import new_id


class Directive(models.Model):
    """What is to become of one kind of data; in force until it is revoked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    data_class = models.CharField(max_length=20)
    wish = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "data_class"],
                condition=Q(revoked_at=None),
                name="privacy_one_wish_per_class",
            )
        ]


class TrustedPerson(models.Model):
    """Who sees to the directions, and receives what is handed over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    contact_sealed = models.BinaryField()
    named_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"],
                condition=Q(revoked_at=None),
                name="privacy_one_trusted_person",
            )
        ]
