"""Addresses of the policy, of choices and of rights."""

from django.urls import URLPattern, path

from bluegpt.web.privacy.views import centre

app_name = "privacy"

urlpatterns: list[URLPattern] = [
    path("account/privacy", centre.page, name="centre"),
    path("account/privacy/choices", centre.choice, name="choice"),
    path("account/privacy/content-term", centre.term, name="term"),
    path("account/privacy/disclosures", centre.disclosures, name="disclosures"),
]
