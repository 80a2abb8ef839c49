"""What a serving process has around it, for commands that look without serving."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.conf import settings

from bluegpt.providers.services import local, sandbox


@asynccontextmanager
async def as_when_serving() -> AsyncIterator[None]:
    """The sandbox runs, and what answers on this machine has been found."""
    if settings.BLUEGPT.providers.has_sandbox:
        await sandbox.start()
    try:
        await local.find()
        yield
    finally:
        await sandbox.stop()
