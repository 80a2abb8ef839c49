"""Addresses under /health/."""

from django.urls import path

from bluegpt.ops import views

app_name = "ops"
urlpatterns = [
    path("live", views.live, name="live"),
    path("ready", views.ready, name="ready"),
]
