"""The mailroom's wiring."""

from django.apps import AppConfig


class MailroomConfig(AppConfig):
    """Outbound mail."""

    name = "bluegpt.mailroom"
