"""The mailroom's wiring."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class MailroomConfig(AppConfig):
    """Outbound mail."""

    name = "bluegpt.mailroom"

    @override
    def ready(self) -> None:
        import_module(f"{self.name}.jobs")
