"""Content seen by staff, behind glass."""

from django.db import models

from bluegpt.core.ids import new_id


class ContentAccess(models.Model):
    """Somebody asked to see what a person wrote; somebody else let them, for some minutes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    ground = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)  # shown to the person
    minutes = models.PositiveSmallIntegerField()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("asked_by")),
                name="privacy_access_by_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=60),
                name="privacy_access_within_an_hour",
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="privacy_access_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-asked_at"], name="privacy_accesses_of_person"),
        ]
