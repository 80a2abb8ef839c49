"""Whose data the books hold, and how they end.

The ledger knows a person by an id alone. Its rows stay when an account is closed, since credits
must add up for ever; what the id meant is erased with the account.
"""

from bluegpt.core.personal_data import DataClass, Erasure, Export, Table, declare

declare(
    Table(
        model="credits.Account",
        claims={
            DataClass.METERING: ("owner_id", "credited", "debited", "pending", "created_at"),
            DataClass.TECHNICAL: ("id", "ledger", "code"),
        },
        person_path="owner_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="account_closed",
    ),
    Table(
        model="credits.Grant",
        claims={
            DataClass.METERING: (
                "category",
                "amount_microcredits",
                "used_microcredits",
                "held_microcredits",
                "expired_microcredits",
                "clawed_back_microcredits",
                "effective_at",
                "expires_at",
                "source_kind",
                "source_id",
                "paid_minor_units",
                "paid_currency",
                "reason",
                "author",
                "created_at",
            ),
            DataClass.TECHNICAL: ("id", "wallet", "priority", "request_hash"),
        },
        person_path="wallet__owner_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="account_closed",
    ),
    Table(
        model="credits.Hold",
        claims={
            DataClass.METERING: (
                "person_id",
                "amount_microcredits",
                "product",
                "sku",
                "state",
                "charged_microcredits",
                "absorbed_microcredits",
                "available_microcredits",
                "usage_source",
                "consumption",
                "settled_context_tokens",
                "reason",
                "key_id",
                "created_at",
                "dispatched_at",
                "resolved_at",
            ),
            DataClass.TECHNICAL: (
                "id",
                "wallet",
                "price_version",
                "request_hash",
                "deadline_at",
                "extends",
            ),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="hold_resolved",
    ),
    Table(
        model="credits.Draw",
        claims={
            DataClass.METERING: ("held_microcredits", "settled_microcredits"),
            DataClass.TECHNICAL: ("id", "hold", "lot", "position", "transfer_id"),
        },
        person_path="hold__person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="hold_resolved",
    ),
    Table(
        model="credits.Transfer",
        claims={
            DataClass.METERING: (
                "amount",
                "code",
                "kind",
                "reference",
                "author",
                "reason",
                "created_at",
                "effective_at",
            ),
            DataClass.TECHNICAL: (
                "sequence",
                "id",
                "group_id",
                "group_size",
                "debit_account",
                "credit_account",
                "pending",
                "corrects",
                "lot",
                "hold",
                "request_hash",
            ),
        },
        person_path="lot__wallet__owner_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="account_closed",
    ),
    Table(
        model="credits.PriceVersion",
        claims={DataClass.TECHNICAL: ("id", "digest", "note", "published_at")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
    Table(
        model="credits.Price",
        claims={
            DataClass.TECHNICAL: (
                "id",
                "version",
                "sku",
                "meter",
                "from_context_tokens",
                "microcredits_per_million",
                "cost_nanousd_per_million",
            )
        },
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
)
