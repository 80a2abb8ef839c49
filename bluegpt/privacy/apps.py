"""Privacy's wiring: the manifest is checked before the process serves anybody."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from typing_extensions import override

from bluegpt.core import clock
from bluegpt.core.settings import Environment
from bluegpt.privacy.errors.manifest import ManifestBroken
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.rules import linting


class PrivacyConfig(AppConfig):
    """The manifest, the gate, the record of disclosures."""

    name = "bluegpt.privacy"

    @override
    def ready(self) -> None:
        for wiring in ("personal_data", "jobs", "listeners"):
            import_module(f"{self.name}.{wiring}")
        register(check_manifest)


def check_manifest(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A manifest that may be used, an operator who is somebody, reviews that are current."""
    try:
        policy = manifest()
    except ManifestBroken as broken:
        return [Error(finding, id="privacy.E001") for finding in broken.findings]
    messages: list[CheckMessage] = [
        Warning(finding, id="privacy.W001")
        for finding in linting.overdue(policy, today=clock.now().date())
    ]
    if settings.BLUEGPT.site.environment is Environment.PRODUCTION:
        messages += [
            Error(f"operator: {name} is a placeholder; set it in privacy.toml", id="privacy.E002")
            for name in linting.placeholders(policy.operator)
        ]
    return messages
