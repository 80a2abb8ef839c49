"""Asking a model to draw: the one way out to a provider for pictures."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from bluegpt.core.errors import BlueError
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters import wires
from bluegpt.providers.services.chat import route_of, tell_of_doubt, tell_of_failure
from bluegpt.providers.types.pictures import Drawn, PartialPicture, PictureRequest


async def draw(
    request: PictureRequest, *, clearance: Clearance
) -> AsyncGenerator[PartialPicture | Drawn, None]:
    """What the adapter gives: partial pictures if any, then once what was drawn, not looked at.

    Raises UnknownModel, ModelUnavailable and the errors that a provider's failure means.
    Closing the iterator closes the connection.
    """
    route = await route_of(request.model.key)
    try:
        async with aclosing(
            wires.picture_adapter(route).draw(request, clearance=clearance)
        ) as steps:
            async for step in steps:
                if isinstance(step, Drawn):
                    tell_of_doubt(request.model.key, step.usage)
                yield step
    except BlueError as error:
        tell_of_failure(request.model.key, error)
        raise
