"""What people decided about their data, the proof of it, and how both end."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass, Erasure, Export, Table, declare

declare(
    Table(
        model="privacy.Consent",
        claims={
            DataClass.CONSENT: (
                "person_id",
                "device",
                "purpose",
                "action",
                "method",
                "language",
                "policy_digest",
                "screen_sha256",
                "at",
                "expires_at",
                "salt",
            ),
            DataClass.TECHNICAL: ("number",),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="consent_ended",
        recorded_at="expires_at",
        name=_("What you agreed to or refused"),
        labels={
            "purpose": _("Purpose"),
            "action": _("What you decided"),
            "method": _("How"),
            "language": _("Language"),
            "policy_digest": _("Version of the policy"),
            "at": _("When"),
            "expires_at": _("Asked again after"),
        },
    ),
    Table(
        model="privacy.ConsentLink",
        claims={DataClass.TECHNICAL: ("number", "on", "at", "commitment", "digest")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="",
    ),
    Table(
        model="privacy.ConsentHead",
        claims={DataClass.TECHNICAL: ("id", "number", "digest")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="",
    ),
    Table(
        model="privacy.ConsentScreen",
        claims={DataClass.TECHNICAL: ("sha256", "language", "text", "first_shown_at")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="",
    ),
    Table(
        model="privacy.Choice",
        claims={
            DataClass.CONSENT: ("person_id", "kind", "subject", "value", "at"),
            DataClass.TECHNICAL: ("id",),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("Your choices"),
        labels={
            "kind": _("Choice"),
            "subject": _("What it is about"),
            "value": _("Chosen"),
            "at": _("When"),
        },
    ),
    Table(
        model="privacy.Introduction",
        claims={
            DataClass.IDENTITY: (
                "person_id",
                "recipient",
                "facts_sha256",
                "policy_digest",
                "occasion",
                "at",
            ),
            DataClass.TECHNICAL: ("id",),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("Companies that you were told about before writing to them"),
        labels={
            "recipient": _("Company"),
            "facts_sha256": _("What you were told, as a digest"),
            "policy_digest": _("Version of the policy"),
            "occasion": _("Occasion"),
            "at": _("When"),
        },
    ),
)
