"""Accounts' wiring."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class AccountsConfig(AppConfig):
    """People, how they log in, and their API keys."""

    name = "bluegpt.accounts"

    @override
    def ready(self) -> None:
        for wiring in ("personal_data", "listeners"):
            import_module(f"{self.name}.{wiring}")
