"""Addresses of the staff pages."""

from django.urls import path

from bluegpt.backoffice.views import grants, holds, home, log

app_name = "staff"

urlpatterns = [
    path("", home.home, name="home"),
    path("log", log.listing, name="log"),
    path("holds", holds.listing, name="holds"),
    path("holds/<uuid:hold_id>/lifting", holds.lifting, name="hold_lifting"),
    path("grants", grants.listing, name="grants"),
    path("grants/<uuid:grant_id>/revocation", grants.revocation, name="grant_revocation"),
]
