"""The service changing hands: who takes over, who was told, who objected, what was handed over."""

from django.db import models
from django.db.models import F, Q

from bluegpt.core.ids import new_id


class Succession(models.Model):
    """One change of hands. One at a time is live: declared, and neither concluded nor abandoned.

    `bundle_from` is set once, by the second approval. `policy_digest` is the version of that
    moment: what was not in it is refused from `bundle_from` on.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    acquirer = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    contact = models.CharField(max_length=300)
    changes = models.CharField(max_length=2_000)
    declared_by = models.UUIDField()
    declared_at = models.DateTimeField()
    first_approver = models.UUIDField(null=True)
    first_approved_at = models.DateTimeField(null=True)
    second_approver = models.UUIDField(null=True)
    second_approved_at = models.DateTimeField(null=True)
    policy_digest = models.CharField(max_length=64, default="")
    bundle_from = models.DateTimeField(null=True)
    is_live = models.BooleanField(default=True)
    abandoned_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["is_live"], condition=Q(is_live=True), name="privacy_one_live_succession"
            ),
            models.CheckConstraint(
                condition=Q(second_approver=None)
                | (Q(first_approver__isnull=False) & ~Q(second_approver=F("first_approver"))),
                name="privacy_succession_two_people",
            ),
            models.CheckConstraint(
                condition=Q(bundle_from=None) | Q(second_approver__isnull=False),
                name="privacy_bundle_after_two_approvals",
            ),
        )


class SuccessionNotice(models.Model):
    """What one person was told and decided; a row before the letter, so that no two are sent.

    `from_at` is the first instant at which this person's data may be handed over: later than the
    succession's own for whoever was told later. A row that was claimed and has neither `sent_at`
    nor `failed_at` belongs to a process that died: it is not known whether the letter left, so it
    counts as undelivered and is sent again only when staff say so. `end_told_at` is set before the
    letter that says that it was given up, and taken back when that did not get through.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    succession = models.ForeignKey(Succession, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    noted_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    from_at = models.DateTimeField(null=True)
    objected_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    end_tries = models.PositiveSmallIntegerField(default=0)
    end_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["succession", "person_id"], name="privacy_one_notice_a_person"
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at=None)
                | Q(sent_at__isnull=False, objected_at=None, handed_over_at__gte=F("from_at")),
                name="privacy_handed_over_after_notice",
            ),
        )
        indexes = (models.Index(fields=["person_id"], name="privacy_notices_of_person"),)


class SuccessionBundle(models.Model):
    """One sealed bundle: when, of how many people, and the digest of the file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    succession = models.ForeignKey(Succession, on_delete=models.PROTECT, related_name="+")
    built_at = models.DateTimeField()
    people = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    policy_digest = models.CharField(max_length=64)
