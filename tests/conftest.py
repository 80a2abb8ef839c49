"""Fixtures for every test. Those of one app live in `tests/<app>/conftest.py`."""

import gc
import shutil
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright

from bluegpt.core.ids import new_id
from tests.end_to_end.browsing import launch
from tests.flushing import flush_quickly


def pytest_collection_finish() -> None:
    """What is there by now stays: the garbage collector need not look at it again and again."""
    gc.enable()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """Argon2id is slow on purpose; a test that is not about passwords need not wait for it."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """On PostgreSQL a test's commit does not wait for the disk: no test cuts its power."""
    for connection in connections.all():
        if connection.vendor == "postgresql":
            connection.settings_dict["OPTIONS"]["options"] += " -c synchronous_commit=off"


@pytest.fixture(autouse=True, scope="session")
def append_only_tables_can_be_flushed() -> Iterator[None]:
    """Between transactional tests; within a test the triggers hold."""
    with pytest.MonkeyPatch.context() as patch:
        flush_quickly(patch)
        yield


@pytest.fixture
def person_id() -> UUID:
    """Somebody, known by an id alone."""
    return new_id()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ends with the module: while Playwright runs, no other event loop can in this thread."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = launch(playwright, executable)
        yield browser
        browser.close()
