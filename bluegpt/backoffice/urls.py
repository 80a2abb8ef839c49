"""Addresses of the staff pages."""

from django.urls import path

from bluegpt.backoffice.views import (
    accesses,
    authorities,
    breaches,
    deaths,
    grants,
    holds,
    home,
    log,
    onboarding,
    registers,
)

app_name = "staff"

urlpatterns = [
    path("", home.home, name="home"),
    path("registers", registers.show, name="registers"),
    path("registers/<str:sheet>.csv", registers.sheet, name="register_sheet"),
    path("registers.html", registers.page, name="register_page"),
    path("breaches", breaches.listing, name="breaches"),
    path("breaches/<uuid:breach_id>", breaches.one, name="breach"),
    path("breaches/<uuid:breach_id>/filing", breaches.filing, name="breach_filing"),
    path("breaches/<uuid:breach_id>/telling", breaches.telling, name="breach_telling"),
    path("breaches/<uuid:breach_id>/closing", breaches.closing, name="breach_closing"),
    path("accesses", accesses.listing, name="accesses"),
    path("accesses/<uuid:access_id>", accesses.content, name="access"),
    path(
        "accesses/<uuid:access_id>/conversations/<uuid:conversation_id>",
        accesses.conversation,
        name="access_conversation",
    ),
    path("accesses/<uuid:access_id>/approval", accesses.approval, name="access_approval"),
    path("accesses/<uuid:access_id>/closing", accesses.closing, name="access_closing"),
    path("authorities", authorities.listing, name="authorities"),
    path("authorities/<uuid:request_id>/approval", authorities.approval, name="authority_approval"),
    path("authorities/<uuid:request_id>/refusal", authorities.refusal, name="authority_refusal"),
    path("authorities/<uuid:request_id>/export", authorities.export, name="authority_export"),
    path("deaths", deaths.listing, name="deaths"),
    path("deaths/<uuid:death_id>/approval", deaths.approval, name="death_approval"),
    path("deaths/<uuid:death_id>/refusal", deaths.refusal, name="death_refusal"),
    path("deaths/<uuid:death_id>/sending", deaths.sending, name="death_sending"),
    path("log", log.listing, name="log"),
    path("onboarding", onboarding.listing, name="onboarding"),
    path("onboarding/approval", onboarding.approval, name="onboarding_approval"),
    path("holds", holds.listing, name="holds"),
    path("holds/<uuid:hold_id>/lifting", holds.lifting, name="hold_lifting"),
    path("grants", grants.listing, name="grants"),
    path("grants/<uuid:grant_id>/revocation", grants.revocation, name="grant_revocation"),
]
