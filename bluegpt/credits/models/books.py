"""The books: accounts, lots, holds, and the journal that explains them all.

The journal (`Transfer`) and the price book are immutable: triggers (migrations 0002 and 0004)
refuse UPDATE and DELETE on both databases. Everything cached elsewhere (a wallet's sums, what a
lot has left, what a hold charged) can be recomputed from the journal at any past instant, and
`verify` does so. Amounts are microcredits in the ledger "credits".

Two foreign keys to rows that every call names (the platform's accounts, the price version in
force) carry no database constraint: PostgreSQL would lock the one row that all writers share on
each insert. `verify` checks those references.
"""

from django.db import models
from django.db.models import F, Q

from bluegpt.core.ids import new_id
from bluegpt.credits.models.choices import choices
from bluegpt.credits.models.prices import PriceVersion
from bluegpt.credits.rules.chart import WALLET
from bluegpt.credits.types import Category, HoldState, TransferCode, TransferKind


class Account(models.Model):
    """A person's wallet, or an account of the platform (negative numbers, see rules/chart.py).

    Only wallets carry cached sums: `credited` and `debited` are posted, `pending` is held. The
    platform's accounts are summed from the journal, so no row is shared by all writers.
    """

    id = models.BigAutoField(primary_key=True)
    ledger = models.CharField(max_length=16)
    code = models.CharField(max_length=32)
    owner_id = models.UUIDField(null=True)
    credited = models.BigIntegerField(default=0)
    debited = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["owner_id", "ledger", "code"], name="credits_account_of_owner"
            ),
            models.UniqueConstraint(
                fields=["ledger", "code"],
                condition=Q(owner_id=None),
                name="credits_account_of_platform",
            ),
            models.CheckConstraint(
                condition=Q(credited__gte=0, debited__gte=0, pending__gte=0),
                name="credits_account_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(code=WALLET) | Q(credited__gte=F("debited") + F("pending")),
                name="credits_wallet_not_overdrawn",
            ),
        )


class Grant(models.Model):
    """A lot: credits that came together. One per source, for ever.

    used + held + expired + clawed back + what remains = amount. `paid_minor_units` is what was
    paid for the whole lot, so that the unit price is an exact ratio and never a rounded number.
    `end_told_at` is when its owner was told that it ends soon.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    wallet = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=10, choices=choices(Category))
    amount_microcredits = models.BigIntegerField()
    used_microcredits = models.BigIntegerField(default=0)
    held_microcredits = models.BigIntegerField(default=0)
    expired_microcredits = models.BigIntegerField(default=0)
    clawed_back_microcredits = models.BigIntegerField(default=0)
    priority = models.SmallIntegerField(default=50)
    effective_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    source_kind = models.CharField(max_length=40)
    source_id = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=32)
    paid_minor_units = models.BigIntegerField(default=0)
    paid_currency = models.CharField(max_length=3, default="")
    reason = models.TextField()
    author = models.CharField(max_length=100, default="")
    created_at = models.DateTimeField()
    end_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source_kind", "source_id"], name="credits_one_grant_per_source"
            ),
            models.CheckConstraint(
                condition=Q(amount_microcredits__gt=0), name="credits_grant_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(
                    used_microcredits__gte=0,
                    held_microcredits__gte=0,
                    expired_microcredits__gte=0,
                    clawed_back_microcredits__gte=0,
                ),
                name="credits_grant_parts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_microcredits__gte=F("used_microcredits")
                    + F("held_microcredits")
                    + F("expired_microcredits")
                    + F("clawed_back_microcredits")
                ),
                name="credits_grant_not_overdrawn",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("effective_at")),
                name="credits_grant_expires_after_effective",
            ),
            models.CheckConstraint(
                condition=Q(paid_minor_units=0, paid_currency="")
                | (Q(paid_minor_units__gt=0) & ~Q(paid_currency="")),
                name="credits_grant_price_has_currency",
            ),
        )
        indexes = (
            models.Index(
                fields=["expires_at"],
                condition=Q(
                    amount_microcredits__gt=F("used_microcredits")
                    + F("held_microcredits")
                    + F("expired_microcredits")
                    + F("clawed_back_microcredits")
                ),
                name="credits_grants_to_expire",
            ),
        )


_OPEN = (HoldState.HELD.value, HoldState.DISPATCHED.value, HoldState.IN_DOUBT.value)


class Hold(models.Model):
    """A reservation for one call. Its id is the caller's idempotency key.

    `consumption` is what was settled on: quantities by meter, at `settled_context_tokens`.
    In doubt it is what was reported and is not believed. `corrected_microcredits` came back later,
    `written_off_microcredits` is what a release may have cost the platform.
    `available_microcredits` is only set on a refusal: what the wallet could spend at that time.
    A later step of a long call is a hold of its own that `extends` the call's first one.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    person_id = models.UUIDField()
    wallet = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount_microcredits = models.BigIntegerField()
    price_version = models.ForeignKey(
        PriceVersion,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    product = models.CharField(max_length=20)
    sku = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=32)
    state = models.CharField(max_length=12, choices=choices(HoldState))
    deadline_at = models.DateTimeField()
    charged_microcredits = models.BigIntegerField(default=0)
    absorbed_microcredits = models.BigIntegerField(default=0)
    corrected_microcredits = models.BigIntegerField(default=0)
    written_off_microcredits = models.BigIntegerField(default=0)
    available_microcredits = models.BigIntegerField(null=True)
    usage_source = models.CharField(max_length=12, default="")
    consumption = models.JSONField(default=dict)
    settled_context_tokens = models.BigIntegerField(null=True)
    reason = models.TextField(default="")
    key_id = models.UUIDField(null=True)
    extends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    charged_microcredits__gte=0,
                    absorbed_microcredits__gte=0,
                    corrected_microcredits__gte=0,
                    written_off_microcredits__gte=0,
                    amount_microcredits__gte=F("charged_microcredits"),
                ),
                name="credits_hold_charge_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(charged_microcredits__gte=F("corrected_microcredits")),
                name="credits_hold_correction_within_charge",
            ),
            models.CheckConstraint(
                condition=Q(state=HoldState.SETTLED.value)
                | Q(charged_microcredits=0, absorbed_microcredits=0),
                name="credits_hold_charge_only_when_settled",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_OPEN, resolved_at=None)
                | (~Q(state__in=_OPEN) & ~Q(resolved_at=None)),
                name="credits_hold_resolved_has_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["deadline_at"], condition=Q(state__in=_OPEN), name="credits_open_holds"
            ),
            models.Index(fields=["person_id", "created_at"], name="credits_holds_of_person"),
            # IS NOT NULL, and never NOT (… IS NULL): SQLite finds only the former in a search.
            models.Index(
                fields=["extends"],
                condition=Q(extends__isnull=False),
                name="credits_steps_of_hold",
            ),
            models.Index(
                fields=["key_id", "created_at"],
                condition=Q(key_id__isnull=False),
                name="credits_holds_of_key",
            ),
        )


class Draw(models.Model):
    """The part of a hold that one lot carries; `position` is its place in the burn order.

    `transfer_id` is the id of the pending transfer that reserves it.
    """

    id = models.BigAutoField(primary_key=True)
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="+", db_index=False)
    lot = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    held_microcredits = models.BigIntegerField()
    settled_microcredits = models.BigIntegerField(default=0)
    transfer_id = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["hold", "position"], name="credits_draw_has_place"),
            models.CheckConstraint(
                condition=Q(
                    held_microcredits__gt=0,
                    settled_microcredits__gte=0,
                    held_microcredits__gte=F("settled_microcredits"),
                ),
                name="credits_draw_settled_within_held",
            ),
        )


class Transfer(models.Model):
    """One line of the journal: an amount from one account to another. Never changed.

    `group_id` and `group_size` tie the lines that were written together. A pending line reserves;
    the post or void that names it resolves it, once, and a post of less returns the rest.
    A correction names the line it corrects. `lot` says which of the wallet's lots moved.
    `reference` is the business document behind it (a source, an invoice line, a ticket).
    """

    sequence = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, editable=False)
    group_id = models.UUIDField(db_index=True)
    group_size = models.PositiveSmallIntegerField()
    debit_account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    credit_account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    amount = models.BigIntegerField()
    code = models.CharField(max_length=16, choices=choices(TransferCode))
    kind = models.CharField(max_length=8, choices=choices(TransferKind))
    pending = models.ForeignKey(
        "self",
        to_field="id",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    corrects = models.ForeignKey(
        "self",
        to_field="id",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    lot = models.ForeignKey(
        Grant, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    hold = models.ForeignKey(
        Hold, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=150, default="")
    request_hash = models.CharField(max_length=32, default="")
    author = models.CharField(max_length=100, default="")
    reason = models.TextField(default="")
    created_at = models.DateTimeField()
    effective_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="credits_transfer_positive"),
            models.CheckConstraint(
                condition=~Q(debit_account=F("credit_account")), name="credits_transfer_moves"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("post", "void"), pending__isnull=False)
                | (~Q(kind__in=("post", "void")) & Q(pending__isnull=True)),
                name="credits_transfer_resolves_pending",
            ),
            models.CheckConstraint(
                condition=~Q(kind="correct")
                | (Q(corrects__isnull=False) & ~Q(author="") & ~Q(reason="")),
                name="credits_correction_is_explained",
            ),
            models.UniqueConstraint(
                fields=["pending"],
                condition=Q(pending__isnull=False),
                name="credits_pending_resolves_once",
            ),
        )
        indexes = (
            models.Index(
                fields=["debit_account", "sequence"],
                condition=Q(debit_account__gt=0),
                name="credits_out_of_wallet",
            ),
            models.Index(
                fields=["credit_account", "sequence"],
                condition=Q(credit_account__gt=0),
                name="credits_into_wallet",
            ),
        )
