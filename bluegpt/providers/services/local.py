"""Finding models that need no catalogue: on this machine, and at the compatible endpoint."""

import asyncio

from django.conf import settings

from bluegpt.providers.adapters import found, local
from bluegpt.providers.types.models import FoundModel


async def find() -> None:
    """Look again, and replace what was found before. Never raises for servers that are not there.

    Prices of what is newly found enter the price book when it is next published.
    """
    providers = settings.BLUEGPT.providers
    nearby, listed = await asyncio.gather(
        local.on_this_machine() if providers.finds_local else _nothing(),
        local.at_endpoint(providers.compatible.base_url, api_key=providers.compatible.api_key)
        if providers.compatible.base_url
        else _nothing(),
    )
    found.remember((*nearby, *listed))


async def _nothing() -> list[FoundModel]:
    return []
