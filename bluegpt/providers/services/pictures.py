"""Asking a model to draw: the one way out to a provider for pictures."""

from bluegpt.core.errors import BlueError
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters import wires
from bluegpt.providers.services.chat import route_of, tell_of_doubt, tell_of_failure
from bluegpt.providers.types.pictures import Drawn, PictureRequest


async def draw(request: PictureRequest, *, clearance: Clearance) -> Drawn:
    """The pictures of one request, as they came; nobody has looked at the bytes yet.

    Raises UnknownModel, ModelUnavailable and the errors that a provider's failure means.
    Cancelling closes the connection.
    """
    route = await route_of(request.model.key)
    try:
        drawn = await wires.picture_adapter(route).draw(request, clearance=clearance)
    except BlueError as error:
        tell_of_failure(request.model.key, error)
        raise
    tell_of_doubt(request.model.key, drawn.usage)
    return drawn
