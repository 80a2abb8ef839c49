"""Whose data privacy's tables hold, and how they end."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import (
    DataClass,
    Erasure,
    Export,
    SealedColumn,
    Table,
    declare,
)

declare(
    Table(
        model="privacy.PolicyVersion",
        claims={
            DataClass.TECHNICAL: (
                "id",
                "digest",
                "document",
                "effective_at",
                "effect",
                "told_through",  # how far a batch has come, gone when it is done
                "told_at",
            )
        },
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
    Table(
        model="privacy.PolicyAcknowledgement",
        claims={
            DataClass.IDENTITY: ("person_id", "digest", "at", "occasion"),
            DataClass.TECHNICAL: ("id",),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("Versions of the policy that you were shown"),
        labels={"digest": _("Version"), "at": _("When"), "occasion": _("Occasion")},
    ),
)

declare(
    Table(  # outlives the account itself, so that the books know when to forget whose they were
        model="privacy.FormerAccount",
        claims={DataClass.METERING: ("person_id", "closed_at")},
        person_path="person_id",
        export=Export.NONE,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("Day on which the account was closed"),
    ),
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
        recorded_at="at",
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
        model="privacy.LegalHold",
        claims={
            DataClass.DISCLOSURE: (
                "person_id",
                "data_class",
                "text",
                "law",
                "created_at",
                "ends_on",
                "lifted_at",
            ),
            DataClass.TECHNICAL: ("id", "author_id"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="legal_hold_ended",
        recorded_at="ends_on",
        name=_("What a law made us keep"),
        labels={
            "data_class": _("Kind of data"),
            "text": _("Why"),
            "law": _("Law"),
            "created_at": _("When"),
            "ends_on": _("Last day"),
            "lifted_at": _("Lifted"),
        },
    ),
    Table(
        model="privacy.StaffGrant",
        claims={
            DataClass.SECURITY: ("person_id", "role", "granted_at", "ends_at"),
            DataClass.TECHNICAL: ("id", "granted_by"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="staff_grant_ended",
        recorded_at="ends_at",
        name=_("Your roles as staff"),
        labels={"role": _("Role"), "granted_at": _("When"), "ends_at": _("Until")},
    ),
    Table(  # what a member of the staff did; whom it concerned stands in the registers
        model="privacy.StaffAct",
        claims={
            DataClass.SECURITY: ("at", "actor_id", "verb", "object_id", "facts"),
            DataClass.TECHNICAL: ("number", "previous_digest", "digest"),
        },
        person_path="actor_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="staff_acted",
        recorded_at="at",
        name=_("What you did as staff"),
        labels={"at": _("When"), "verb": _("Act"), "facts": _("Details")},
    ),
    Table(
        model="privacy.StaffActHead",
        claims={DataClass.TECHNICAL: ("id", "number", "digest")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
    Table(  # counts by rule
        model="privacy.Attestation",
        claims={
            DataClass.TECHNICAL: (
                "id",
                "started_at",
                "finished_at",
                "policy_digest",
                "ended",
                "left",
                "spared",
                "is_clean",
            )
        },
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
)

declare(
    Table(
        model="privacy.Request",
        claims={
            DataClass.REQUEST: (
                "reference",
                "person_id",
                "has_account",
                "right",
                "channel",
                "state",
                "proof",
                "language",
                "received_on",
                "due_on",
                "is_extended",
                "contact_sealed",
                "words_sealed",
                "code_sent_at",
                "code_tries",
                "policy_digest",
                "opened_at",
                "decided_at",
                "closed_at",
            ),
            DataClass.TECHNICAL: ("id", "alerted_percent"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="request_closed",
        recorded_at="closed_at",
        sealed=(
            SealedColumn(
                column="contact_sealed",
                place="privacy.request.contact",
                data_class=DataClass.REQUEST,
            ),
            SealedColumn(
                column="words_sealed", place="privacy.request.words", data_class=DataClass.REQUEST
            ),
        ),
        name=_("Requests about your data"),
        labels={
            "reference": _("Reference"),
            "right": _("What it is about"),
            "state": _("State"),
            "received_on": _("Received on"),
            "due_on": _("Answer due by"),
            "contact_sealed": _("Where we answer"),
            "words_sealed": _("Your words"),
        },
    ),
    Table(
        model="privacy.RequestStep",
        claims={
            DataClass.REQUEST: ("kind", "at", "by", "second_by", "code", "words_sealed"),
            DataClass.TECHNICAL: ("id", "request"),
        },
        person_path="request__person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="request_closed",
        recorded_at="request__closed_at",
        sealed=(
            SealedColumn(
                column="words_sealed", place="privacy.step.words", data_class=DataClass.REQUEST
            ),
        ),
        name=_("What became of your requests"),
        labels={
            "kind": _("What happened"),
            "at": _("When"),
            "by": _("By"),
            "words_sealed": _("In words"),
        },
    ),
    Table(
        model="privacy.IdentityDocument",
        claims={
            DataClass.IDENTITY_DOCUMENT: ("media_type", "received_at", "copy_sealed"),
            DataClass.TECHNICAL: ("id", "request"),
        },
        person_path="request__person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="request_decided",
        recorded_at="request__decided_at",
        sealed=(
            SealedColumn(
                column="copy_sealed",
                place="privacy.identity_document.copy",
                data_class=DataClass.IDENTITY_DOCUMENT,
            ),
        ),
        name=_("Copy of an identity document"),
        labels={"received_at": _("Received on"), "copy_sealed": _("The copy, as base64")},
    ),
    Table(
        model="privacy.RecipientNotice",
        claims={
            DataClass.REQUEST: ("recipient", "named_at", "told_at", "told_by"),
            DataClass.TECHNICAL: ("id", "request"),
        },
        person_path="request__person_id",
        export=Export.FULL,
        erasure=Erasure.KEEP_PSEUDONYMOUS,
        retention_trigger="request_closed",
        recorded_at="request__closed_at",
        name=_("Who was told of a change"),
        labels={"recipient": _("Recipient"), "told_at": _("Told")},
    ),
)

declare(
    Table(
        model="privacy.ErasureRun",
        claims={
            DataClass.IDENTITY: ("person_id", "address", "language"),
            DataClass.TECHNICAL: ("id", "scope", "found", "asked_at"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("Erasures under way"),
        labels={"scope": _("What is erased"), "found": _("What was there")},
    ),
    Table(  # names nobody: it is found by its link, which only its owner has
        model="privacy.Receipt",
        claims={DataClass.TECHNICAL: ("id", "link_sha256", "document", "made_at")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="none",
    ),
)
