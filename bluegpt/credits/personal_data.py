"""Whose data the books hold, and how they end.

The ledger knows a person by an id alone. Its rows stay, since credits must add up for ever. They
stop being about anybody when the wallet and its holds get another id, all at the same time: the
amount of a wallet is the sum of everything that ever moved it, so no part of it ends earlier.
"""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass, Erasure, Export, SealedColumn, Table, declare

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
        name=_("Accounts of your credits"),
        labels={
            "code": _("Kind"),
            "credited": _("Come in, in millionths of a credit"),
            "debited": _("Gone out, in millionths of a credit"),
            "pending": _("Reserved, in millionths of a credit"),
        },
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
                "end_told_at",
            ),
            DataClass.TECHNICAL: ("id", "wallet", "priority", "request_hash"),
        },
        person_path="wallet__owner_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="account_closed",
        name=_("Credits received"),
        labels={
            "category": _("Kind"),
            "amount_microcredits": _("Amount, in millionths of a credit"),
            "used_microcredits": _("Used, in millionths of a credit"),
            "effective_at": _("From"),
            "expires_at": _("Ends"),
            "reason": _("Reason"),
        },
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
                "corrected_microcredits",
                "written_off_microcredits",
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
        name=_("Credits reserved"),
        labels={
            "amount_microcredits": _("Amount, in millionths of a credit"),
            "product": _("For"),
            "state": _("State"),
            "charged_microcredits": _("Charged, in millionths of a credit"),
            "resolved_at": _("Ended"),
        },
        retention_trigger="account_closed",
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
        name=_("What was taken from which credits"),
        retention_trigger="account_closed",
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
        name=_("Movements of your credits"),
        labels={
            "amount": _("Amount, in millionths of a credit"),
            "kind": _("Kind"),
            "reason": _("Reason"),
            "effective_at": _("From"),
        },
    ),
    Table(
        model="credits.Cap",
        claims={
            DataClass.METERING: (
                "person_id",
                "key_id",
                "period",
                "limit_microcredits",
                "period_starts_on",
                "used_microcredits",
                "alerted_percent",
                "created_at",
            ),
            DataClass.TECHNICAL: ("id",),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("Spending limits"),
        labels={
            "period": _("Period"),
            "limit_microcredits": _("Limit, in millionths of a credit"),
            "used_microcredits": _("Used, in millionths of a credit"),
        },
    ),
    Table(
        model="credits.Case",
        claims={
            DataClass.CONTENT: ("words_sealed", "answer_sealed"),
            DataClass.METERING: (
                "kind",
                "subject",
                "person_id",
                "state",
                "facts",
                "answered_by",
                "created_at",
                "answered_at",
            ),
            DataClass.TECHNICAL: ("id", "hold", "group_id", "correction_id"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="case_answered",
        sealed=(
            SealedColumn(
                column="words_sealed", place="credits.case.words", data_class=DataClass.CONTENT
            ),
            SealedColumn(
                column="answer_sealed", place="credits.case.answer", data_class=DataClass.CONTENT
            ),
        ),
        name=_("Questions about charges"),
        labels={
            "words_sealed": _("Your words"),
            "answer_sealed": _("Our answer"),
            "kind": _("Kind"),
            "state": _("State"),
            "answered_at": _("Answered"),
        },
        recorded_at="answered_at",
    ),
    Table(
        model="credits.Block",
        claims={
            DataClass.TECHNICAL: (
                "number",
                "first_sequence",
                "last_sequence",
                "transfer_count",
                "branches",
                "root",
                "previous_digest",
                "digest",
                "sealed_at",
            )
        },
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
    Table(
        model="credits.Verification",
        claims={
            DataClass.TECHNICAL: (
                "id",
                "started_at",
                "finished_at",
                "last_sequence",
                "transfer_count",
                "is_sound",
                "findings",
                "head_digest",
            )
        },
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
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
