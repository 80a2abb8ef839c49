"""The wiring of what serves the operator."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class OpsConfig(AppConfig):
    """The command, health, backups."""

    name = "bluegpt.ops"

    @override
    def ready(self) -> None:
        import_module(f"{self.name}.jobs")
