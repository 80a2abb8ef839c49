"""Credits' wiring."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import router
from django.db.models.signals import post_migrate
from typing_extensions import override


class CreditsConfig(AppConfig):
    """The ledger and the price book."""

    name = "bluegpt.credits"

    @override
    def ready(self) -> None:
        for wiring in ("personal_data", "jobs", "listeners"):
            import_module(f"{self.name}.{wiring}")
        post_migrate.connect(_open_platform_accounts, sender=self)


def _open_platform_accounts(*, using: str, **_signal: Any) -> None:
    """The chart of accounts is code; its rows follow it after each migration."""
    accounts = import_module("bluegpt.credits.services.accounts")
    if router.allow_migrate_model(using, accounts.Account):
        accounts.open_platform_accounts()
