"""Whose data privacy's tables hold, and how they end."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass, Erasure, Export, Table, declare

declare(
    Table(
        model="privacy.Pseudonym",
        claims={
            DataClass.DISCLOSURE: ("recipient", "value", "created_at"),
            DataClass.TECHNICAL: ("id", "person_id"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("Your names towards companies"),
        labels={"recipient": _("Company"), "value": _("Name")},
    ),
    Table(
        model="privacy.Disclosure",
        claims={
            DataClass.DISCLOSURE: (
                "person_id",
                "call_id",
                "at",
                "purpose",
                "basis",
                "recipient",
                "country",
                "transfer_basis",
                "data_classes",
                "policy_digest",
            ),
            DataClass.TECHNICAL: ("id",),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="disclosed",
        name=_("Who received data about you"),
        labels={
            "at": _("When"),
            "purpose": _("Purpose"),
            "basis": _("Legal basis"),
            "recipient": _("Company"),
            "country": _("Country"),
            "transfer_basis": _("What allows the transfer"),
            "data_classes": _("Kinds of data"),
            "policy_digest": _("Version of the policy"),
            "call_id": _("Paid answer"),
        },
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
)
