"""Fixtures of privacy's tests: an operator's overlay, and nothing remembered between tests."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from bluegpt.core.settings import Environment, ProviderAccess
from bluegpt.privacy.queries import onboarding, standing, succession_freeze
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.services import pseudonyms


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    manifest.cache_clear()
    pseudonyms.forget_cached()
    standing.forget_cached()
    onboarding.forget_cached()
    succession_freeze.forget_cached()
    yield
    manifest.cache_clear()
    pseudonyms.forget_cached()
    standing.forget_cached()
    onboarding.forget_cached()
    succession_freeze.forget_cached()


@pytest.fixture
def overlay(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """Put these lines into the `privacy.toml` of a data folder that is used from now on."""

    def write(lines: str) -> None:
        (tmp_path / "privacy.toml").write_text(lines, encoding="utf-8")
        manifest.cache_clear()

    site = replace(settings.BLUEGPT.site, data_dir=tmp_path)
    with override_settings(BLUEGPT=replace(settings.BLUEGPT, site=site)):
        yield write


@pytest.fixture
def in_production() -> Iterator[None]:
    """The same installation, run in earnest."""
    site = replace(settings.BLUEGPT.site, environment=Environment.PRODUCTION)
    with override_settings(BLUEGPT=replace(settings.BLUEGPT, site=site)):
        yield


@pytest.fixture
def reached_at() -> Iterator[Callable[[str, str], None]]:
    """Say at which address a provider is reached."""
    overrides = []

    def set_address(provider: str, base_url: str) -> None:
        access: Any = {provider: ProviderAccess(api_key="key", base_url=base_url)}
        providers = replace(settings.BLUEGPT.providers, **access)
        override = override_settings(BLUEGPT=replace(settings.BLUEGPT, providers=providers))
        override.enable()
        overrides.append(override)

    yield set_address
    for override in reversed(overrides):
        override.disable()
