"""Whose data the tables of the staff pages hold, and how they end."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass, Erasure, Export, Table, declare

declare(
    Table(  # about what was approved; who approved is staff at work
        model="privacy.OnboardingApproval",
        claims={
            DataClass.TECHNICAL: ("id", "subject", "facts_sha256", "answered", "approver", "at")
        },
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
    Table(
        model="privacy.ContentAccess",
        claims={
            DataClass.DISCLOSURE: (
                "person_id",
                "ground",
                "reason",
                "minutes",
                "asked_at",
                "opened_at",
                "closes_at",
                "first_seen_at",
            ),
            DataClass.TECHNICAL: ("id", "asked_by", "approved_by"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="access_asked",
        recorded_at="asked_at",
        name=_("Who of our staff could see what you wrote"),
        labels={
            "ground": _("Ground"),
            "reason": _("Why"),
            "minutes": _("Minutes"),
            "asked_at": _("When"),
            "opened_at": _("Opened"),
            "closes_at": _("Closed"),
            "first_seen_at": _("First seen"),
        },
    ),
    Table(
        model="privacy.AuthorityRequest",
        claims={
            DataClass.DISCLOSURE: (
                "person_id",
                "authority",
                "reference",
                "law",
                "data_classes",
                "received_at",
                "first_approved_at",
                "second_approved_at",
                "refused_at",
                "exported_at",
                "exported_sha256",
            ),
            DataClass.TECHNICAL: ("id", "recorded_by", "first_approver", "second_approver"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="authority_asked",
        recorded_at="received_at",
        name=_("What authorities asked for"),
        labels={
            "authority": _("Authority"),
            "reference": _("Reference"),
            "law": _("Law"),
            "data_classes": _("Kinds of data"),
            "received_at": _("When"),
            "refused_at": _("Refused"),
            "exported_at": _("Handed over"),
        },
    ),
    Table(  # about what happened; whom it concerns is asked of the other tables
        model="privacy.Breach",
        claims={
            DataClass.TECHNICAL: (
                "id",
                "title",
                "natures",
                "data_classes",
                "recipient",
                "started_at",
                "ended_at",
                "aware_at",
                "recorded_at",
                "recorded_by",
                "people_about",
                "records_about",
                "consequences",
                "measures",
                "risk",
                "filed_at",
                "filing_reference",
                "filing_is_complete",
                "people_told_at",
                "closed_at",
                "evidence",
            )
        },
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
    Table(
        model="privacy.BreachAmendment",
        claims={DataClass.TECHNICAL: ("id", "breach", "at", "by", "reason", "changes")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
)
