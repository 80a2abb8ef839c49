"""Whose data privacy's tables hold, and how they end."""

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
    ),
)
