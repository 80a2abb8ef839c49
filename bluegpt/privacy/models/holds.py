"""What a law keeps beyond its term."""

from django.db import models

from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass


class LegalHold(models.Model):
    """Rows of one class about one person stay until the last day; every field is compulsory."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    data_class = models.CharField(max_length=12)
    text = models.CharField(max_length=500)
    law = models.CharField(max_length=200)
    author_id = models.UUIDField()
    created_at = models.DateTimeField()
    ends_on = models.DateField()  # the day of the lifting, when it was lifted before its end
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="") & ~models.Q(law=""), name="privacy_hold_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(data_class__in=[each.value for each in DataClass]),
                name="privacy_hold_of_a_class",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "data_class"], name="privacy_holds_of_person"),
        ]
