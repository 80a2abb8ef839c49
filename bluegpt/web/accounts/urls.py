"""Addresses of the account pages that are ours; allauth has the others below `account/`."""

from django.urls import path
from django.views.generic import RedirectView

from bluegpt.web.accounts import closing, views

app_name = "accounts"

urlpatterns = [
    path("account", views.settings, name="settings"),
    path("account/", RedirectView.as_view(pattern_name="accounts:settings")),
    path("account/closure", closing.closure, name="closure"),
    path("account/reopening", closing.reopening, name="reopening"),
    path("account/keys", views.api_keys, name="api_keys"),
    path("account/keys/<uuid:key_id>/revocation", views.key_revocation, name="key_revocation"),
    # Stands before allauth's page of the same address: ours can end one session alone.
    path("account/sessions/", views.sessions, name="sessions"),
    path("account/sessions/others/end", views.other_sessions_end, name="other_sessions_end"),
    path("account/sessions/<int:session_id>/end", views.session_end, name="session_end"),
]
