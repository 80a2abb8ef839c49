"""Asking a model: the one way out to a provider."""

import contextlib
import logging
from collections.abc import AsyncGenerator

from bluegpt.core.errors import BlueError
from bluegpt.core.threads import in_thread
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters import clients, wires
from bluegpt.providers.queries import catalogue
from bluegpt.providers.types.chat import ChatRequest, Delta
from bluegpt.providers.types.models import Route
from bluegpt.providers.types.usage import Usage, UsageSource

logger = logging.getLogger(__name__)


async def stream(request: ChatRequest, *, clearance: Clearance) -> AsyncGenerator[Delta, None]:
    """One answer, delta by delta; nothing is read ahead of who asks for it.

    Raises UnknownModel, ModelUnavailable and the errors that a provider's failure means.
    `aclose()` closes the connection, which ends the provider's work at once.
    """
    route = await route_of(request.model.key)
    deltas = wires.adapter(route).chat(request, clearance=clearance)
    try:
        async with contextlib.aclosing(deltas):
            async for delta in deltas:
                if delta.finish is not None:
                    tell_of_doubt(request.model.key, delta.usage)
                yield delta
    except BlueError as error:
        tell_of_failure(request.model.key, error)
        raise


def tell_of_failure(model_key: str, error: BlueError) -> None:
    """Codes and kinds only: neither their words nor ours may carry content."""
    notes = "; ".join(getattr(error, "__notes__", ()))
    logger.warning("%s failed: %s (%s)", model_key, error.code, notes)


def tell_of_doubt(model_key: str, usage: Usage) -> None:
    """Say in the log that a count is missing or cannot be believed."""
    if usage.source is UsageSource.MISSING:
        logger.warning("%s ended without a count of what was used", model_key)
    elif usage.source is UsageSource.DOUBTFUL:
        told = ", ".join(f"{name}={number}" for name, number in usage.reported)
        logger.warning("%s counted what cannot be believed: %s", model_key, told)


async def close_clients() -> None:
    """Close the connections of the running loop; at shutdown, after the last answer."""
    await clients.close_clients()


async def route_of(model_key: str) -> Route:
    """How to reach a model, from memory where it can be. Raises UnknownModel, ModelUnavailable."""
    if catalogue.is_remembered():
        return catalogue.route(model_key)
    return await in_thread(catalogue.route, model_key)
