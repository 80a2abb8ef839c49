"""Addresses of the policy, of choices and of rights."""

from django.urls import path, register_converter

from bluegpt.web.privacy.views import (
    archive,
    asking,
    centre,
    contact,
    directives,
    erasure,
    handover,
    keeping,
    policy,
    proof,
    requests,
    schema,
    succession,
    tracers,
)


class Digest:
    """A version's name: SHA-256 in hexadecimal."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Digest, "digest")

app_name = "privacy"

urlpatterns = [
    path("account/privacy", centre.page, name="centre"),
    path("account/privacy/choices", centre.choice, name="choice"),
    path("account/privacy/content-term", centre.term, name="term"),
    path("account/privacy/disclosures", centre.disclosures, name="disclosures"),
    path("privacy", policy.today, name="policy"),
    path("privacy/versions", policy.every_version, name="versions"),
    path("privacy/versions/<digest:digest>", policy.version, name="version"),
    path("privacy/versions/<digest:digest>.json", policy.published, name="version_json"),
    path("privacy/day", policy.on_a_day, name="on_a_day"),
    path("privacy/changes", policy.changes, name="changes"),
    path("privacy/new", asking.what_is_new, name="what_is_new"),
    path("privacy/proof", proof.proof, name="proof"),
    path(".well-known/privacy-manifest.json", policy.published, name="manifest"),
    path(".well-known/privacy-manifest.schema.json", schema.schema, name="schema"),
    path("account/privacy/archive", archive.page, name="archive"),
    path("account/privacy/archive/cancellation", archive.cancellation, name="archive_cancellation"),
    path("account/privacy/archive/return", archive.bring_back, name="archive_return"),
    path("account/privacy/archive/<uuid:archive_id>", archive.take, name="archive_take"),
    path("privacy/archive.schema.json", archive.schema, {"kind": "access"}, name="archive_schema"),
    path(
        "privacy/portable.schema.json",
        archive.schema,
        {"kind": "portable"},
        name="portable_schema",
    ),
    path("privacy/tracers", tracers.page, name="tracers"),
    path("privacy/consents/heads", tracers.heads, name="consent_heads"),
    path("account/privacy/consents/<int:number>", centre.consent, name="consent"),
    path("account/privacy/requests", requests.listing, name="requests"),
    path("account/privacy/requests/<uuid:request_id>", requests.one, name="request"),
    path(
        "account/privacy/requests/<uuid:request_id>/clarification",
        requests.clarification,
        name="request_clarification",
    ),
    path(
        "account/privacy/requests/<uuid:request_id>/withdrawal",
        requests.withdrawal,
        name="request_withdrawal",
    ),
    path(
        "account/privacy/requests/<uuid:request_id>/identification",
        requests.identification,
        name="request_identification",
    ),
    path("account/privacy/directives", directives.page, name="directives"),
    path("account/privacy/directives/revocation", directives.revocation, name="revocation"),
    path("account/privacy/succession", succession.page, name="succession"),
    path("account/privacy/succession/objection", succession.objection, name="succession_objection"),
    path("account/privacy/succession/return", succession.returning, name="succession_return"),
    path("privacy/contact", contact.page, name="contact"),
    path("privacy/contact/code", contact.code, name="contact_code"),
    path("account/privacy/erasure", erasure.page, name="erasure"),
    path("privacy/handover/<str:link>", handover.page, name="handover"),
    path("privacy/keeping/<str:link>", keeping.page, name="keeping"),
    path("privacy/erasure", erasure.ordered, name="erasure_ordered"),
    path("privacy/receipts/<str:link>", erasure.receipt, name="receipt"),
    path("privacy/receipts/<str:link>/receipt.json", erasure.receipt_json, name="receipt_json"),
    path(".well-known/bluegpt-receipt-key.json", erasure.key, name="receipt_key"),
]
