"""Addresses of the policy, of choices and of rights."""

from django.urls import URLPattern

app_name = "privacy"

urlpatterns: list[URLPattern] = []
