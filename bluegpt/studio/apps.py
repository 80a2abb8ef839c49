"""Studio's wiring."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class StudioConfig(AppConfig):
    """Conversations, and later images and videos."""

    name = "bluegpt.studio"

    @override
    def ready(self) -> None:
        for wiring in ("personal_data", "jobs", "listeners"):
            import_module(f"{self.name}.{wiring}")
