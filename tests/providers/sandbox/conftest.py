"""A sandbox of its own for every test, and a client that speaks to it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bluegpt.providers.adapters.sandbox.server import Sandbox
from tests.providers.sandbox.clients import Client


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """The base URL of a running sandbox."""
    sandbox = Sandbox()
    yield await sandbox.start()
    await sandbox.stop()


@pytest.fixture
async def client(url: str) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession(url) as session:
        yield Client(session)
