"""Whose data the vault's tables hold, and how they end."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass, Erasure, Export, Table, declare

declare(
    Table(
        model="vault.ClassKey",
        claims={
            DataClass.SECURITY: ("id", "person_id", "data_class", "wrapped"),
            DataClass.TECHNICAL: ("root_id", "created_at"),
        },
        person_path="person_id",
        export=Export.NONE,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
    ),
    Table(
        model="vault.Destruction",
        claims={
            DataClass.SECURITY: ("id", "person_id", "data_class", "asked_at", "done_at"),
            DataClass.TECHNICAL: ("keys_destroyed",),
        },
        person_path="person_id",
        export=Export.NONE,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="keys_destroyed",
        recorded_at="asked_at",
        name=_("Proof that keys were destroyed"),
    ),
    Table(
        model="vault.Tombstone",
        claims={DataClass.TECHNICAL: ("key_id", "destroyed_at")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.EXPIRES,
        retention_trigger="keys_destroyed",
        recorded_at="destroyed_at",
    ),
    Table(
        model="vault.Erasure",
        claims={
            DataClass.SECURITY: ("id", "kind", "subject", "noted_at", "done_at"),
            DataClass.TECHNICAL: ("sequence",),
        },
        person_path="",
        export=Export.NONE,
        erasure=Erasure.EXPIRES,
        retention_trigger="erasure_noted",
        recorded_at="noted_at",
    ),
)
