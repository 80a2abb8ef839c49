"""Roles given to staff."""

from django.db import models

from bluegpt.core.ids import new_id


class StaffGrant(models.Model):
    """A role of the manifest, given to one person until an instant."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    role = models.CharField(max_length=40)
    granted_by = models.UUIDField(null=True)  # null: at the console
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # the instant of the taking back, when it was taken back

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "ends_at"], name="privacy_grants_of_person"),
        ]
