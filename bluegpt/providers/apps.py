"""Providers' wiring."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class ProvidersConfig(AppConfig):
    """The companies that answer, what they offer, and how they are reached."""

    name = "bluegpt.providers"

    @override
    def ready(self) -> None:
        import_module(f"{self.name}.personal_data")
