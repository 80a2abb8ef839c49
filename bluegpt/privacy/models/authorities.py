"""What authorities asked for, and what they were given."""

from django.db import models

from bluegpt.core.ids import new_id


class AuthorityRequest(models.Model):
    """One request about one person: its basis, its scope, and the two people who agreed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    authority = models.CharField(max_length=200)
    reference = models.CharField(max_length=100)
    law = models.CharField(max_length=200)
    data_classes = models.CharField(max_length=120)  # sorted, separated by spaces
    received_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    first_approver = models.UUIDField(null=True)
    first_approved_at = models.DateTimeField(null=True)
    second_approver = models.UUIDField(null=True)
    second_approved_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    exported_at = models.DateTimeField(null=True)
    exported_sha256 = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(second_approver=None)
                | (
                    models.Q(first_approver__isnull=False)
                    & ~models.Q(second_approver=models.F("first_approver"))
                ),
                name="privacy_authority_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(exported_at=None)
                | models.Q(second_approver__isnull=False, refused_at=None),
                name="privacy_export_after_two_approvals",
            ),
            models.CheckConstraint(
                condition=~models.Q(authority="") & ~models.Q(law="") & ~models.Q(data_classes=""),
                name="privacy_authority_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person_id", "-received_at"], name="privacy_authorities_of_person"
            ),
        ]
