"""What people lay down for after their death, and what they were written once a year and later."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass, Erasure, Export, SealedColumn, Table, declare

declare(
    Table(
        model="privacy.Directive",
        claims={
            DataClass.DIRECTIVE: ("data_class", "wish", "given_at", "revoked_at"),
            DataClass.TECHNICAL: ("id", "person_id"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("Directions for after your death"),
        labels={
            "data_class": _("Kind of data"),
            "wish": _("What is to happen"),
            "given_at": _("Since"),
            "revoked_at": _("Until"),
        },
    ),
    Table(
        model="privacy.TrustedPerson",
        claims={
            DataClass.DIRECTIVE: ("contact_sealed", "named_at", "revoked_at"),
            DataClass.TECHNICAL: ("id", "person_id"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        sealed=(
            SealedColumn(
                column="contact_sealed",
                place="privacy.trusted_person.contact",
                data_class=DataClass.DIRECTIVE,
            ),
        ),
        name=_("The person you trust"),
        labels={"contact_sealed": _("Name and address"), "named_at": _("Since")},
    ),
)

declare(
    Table(
        model="privacy.Death",
        claims={
            DataClass.DIRECTIVE: (
                "person_id",
                "reference",
                "proof",
                "seen_on",
                "recorded_at",
                "approved_at",
                "refused_at",
                "erased_at",
                "sent_at",
                "handed_over_at",
                "ended_at",
                "done_at",
            ),
            DataClass.TECHNICAL: (
                "id",
                "recorded_by",
                "first_approver",
                "second_approver",
                "link_sha256",
            ),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("How your directions were followed"),
        labels={
            "reference": _("Reference"),
            "proof": _("Shown by"),
            "seen_on": _("Seen on"),
            "approved_at": _("Approved by two"),
            "refused_at": _("Refused"),
            "erased_at": _("Erased"),
            "sent_at": _("Sent"),
            "handed_over_at": _("Handed over"),
            "done_at": _("Ended"),
        },
    )
)

declare(
    Table(
        model="privacy.YearlyCheck",
        claims={
            DataClass.IDENTITY: ("asked_at",),
            DataClass.TECHNICAL: ("id", "person_id"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("When we asked you to check your details"),
        labels={"asked_at": _("When")},
    ),
    Table(
        model="privacy.InactivityNotice",
        claims={
            DataClass.IDENTITY: (
                "last_active_at",
                "first_at",
                "second_at",
                "closes_on",
                "closed_at",
            ),
            DataClass.TECHNICAL: ("id", "person_id"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("Notices that your account would be closed"),
        labels={
            "last_active_at": _("Last used"),
            "first_at": _("First notice"),
            "second_at": _("Second notice"),
            "closes_on": _("Closed on, if unused"),
            "closed_at": _("Closed"),
        },
    ),
)
