"""How much may be spent in a day or a month, by a person or through one of their keys."""

from django.db import models
from django.db.models import Q

from bluegpt.core.ids import new_id
from bluegpt.credits.models.choices import choices
from bluegpt.credits.types import CapPeriod


class Cap(models.Model):
    """A limit that a person set, and what has gone against it in the period under way.

    `key_id` None: all that the person spends. `used_microcredits` counts what is held or charged
    by holds that were placed in the UTC day or month that begins on `period_starts_on`; a hold in
    a later period starts it at zero again. `alerted_percent` is the last alert of that period.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    key_id = models.UUIDField(null=True)
    period = models.CharField(max_length=8, choices=choices(CapPeriod))
    limit_microcredits = models.BigIntegerField()
    period_starts_on = models.DateField()
    used_microcredits = models.BigIntegerField(default=0)
    alerted_percent = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person_id", "period"],
                condition=Q(key_id=None),
                name="credits_one_cap_per_person",
            ),
            models.UniqueConstraint(
                fields=["key_id", "period"],
                condition=~Q(key_id=None),
                name="credits_one_cap_per_key",
            ),
            models.CheckConstraint(
                condition=Q(limit_microcredits__gt=0, used_microcredits__gte=0),
                name="credits_cap_not_negative",
            ),
        )
        indexes = (models.Index(fields=["person_id"], name="credits_caps_of_person"),)
