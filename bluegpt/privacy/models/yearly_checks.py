"""When people were last asked whether what is known of them is right."""

from django.db import models


class YearlyCheck(models.Model):
    """The last time one person was asked."""

    person_id = models.UUIDField(unique=True)
    asked_at = models.DateTimeField()
