"""Whose data the tables about the service changing hands hold, and how they end."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass, Erasure, Export, Table, declare

declare(
    Table(  # about a company; who declared and approved is staff at work
        model="privacy.Succession",
        claims={
            DataClass.TECHNICAL: (
                "id",
                "acquirer",
                "country",
                "contact",
                "changes",
                "declared_by",
                "declared_at",
                "first_approver",
                "first_approved_at",
                "second_approver",
                "second_approved_at",
                "policy_digest",
                "bundle_from",
                "is_live",
                "abandoned_at",
                "concluded_at",
            )
        },
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
    Table(
        model="privacy.SuccessionNotice",
        claims={
            DataClass.DISCLOSURE: (
                "person_id",
                "noted_at",
                "failed_at",
                "sent_at",
                "from_at",
                "objected_at",
                "handed_over_at",
                "end_told_at",
            ),
            DataClass.TECHNICAL: ("id", "succession", "tries", "end_tries"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="succession_noted",
        recorded_at="noted_at",
        name=_("What you were told before the service changed hands"),
        labels={
            "noted_at": _("When"),
            "sent_at": _("Sent"),
            "from_at": _("Not handed over before"),
            "objected_at": _("You objected"),
            "handed_over_at": _("Handed over"),
            "end_told_at": _("Told that it was given up"),
        },
    ),
    Table(  # counts people; who they are stands in the notices
        model="privacy.SuccessionBundle",
        claims={
            DataClass.TECHNICAL: (
                "id",
                "succession",
                "built_at",
                "people",
                "sha256",
                "policy_digest",
            )
        },
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
)
