"""The vault's wiring."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class VaultConfig(AppConfig):
    """Keys per person and data class, sealed fields, sealed files."""

    name = "bluegpt.vault"

    @override
    def ready(self) -> None:
        for wiring in ("personal_data", "jobs"):
            import_module(f"{self.name}.{wiring}")
