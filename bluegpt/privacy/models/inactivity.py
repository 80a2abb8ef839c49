"""What the owners of unused accounts were told before they were closed."""

from django.db import models

from bluegpt.core.ids import new_id


class InactivityNotice(models.Model):
    """One account's notices; gone once its owner uses it again, kept as proof once it is closed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField(unique=True)
    last_active_at = models.DateTimeField()  # the last use, from which the notices count
    first_at = models.DateTimeField()
    second_at = models.DateTimeField(null=True)
    closes_on = models.DateField()  # as the last mail said
    closed_at = models.DateTimeField(null=True)
