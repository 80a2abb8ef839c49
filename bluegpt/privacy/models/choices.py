"""What a person has chosen: a row while it holds, none once it is taken back."""

from django.db import models

from bluegpt.core.ids import new_id


class Choice(models.Model):
    """One choice of a person. `subject` is the purpose objected to, `value` a chosen term."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=40, default="", blank=True)
    value = models.CharField(max_length=20, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # Also the index by which the gate looks a person up.
            models.UniqueConstraint(
                fields=["person_id", "kind", "subject"], name="privacy_one_choice_of_a_kind"
            )
        ]
