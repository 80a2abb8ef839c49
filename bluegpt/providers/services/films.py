"""Having a model film: the one way out to a provider for films."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from bluegpt.core.errors import BlueError
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.adapters import wires
from bluegpt.providers.services.chat import route_of, tell_of_doubt, tell_of_failure
from bluegpt.providers.types.films import FilmProgress, FilmRequest


async def submit(request: FilmRequest, *, clearance: Clearance) -> str:
    """Begin a film; the provider's name of the job. It is sent once, whatever comes of it.

    Raises UnknownModel, ModelUnavailable and the errors that a provider's failure means, among
    them PromptRefused, and FilmGone where the film to work from is not there any more.
    """
    route = await route_of(request.model.key)
    try:
        return await wires.film_adapter(route).submit(request, clearance=clearance)
    except BlueError as error:
        tell_of_failure(request.model.key, error)
        raise


async def look(ref: str, *, request: FilmRequest) -> FilmProgress:
    """How far it is; what is owed once it is done. It may be asked as often as one likes."""
    route = await route_of(request.model.key)
    try:
        progress = await wires.film_adapter(route).look(ref, request=request)
    except BlueError as error:
        tell_of_failure(request.model.key, error)
        raise
    if progress.usage is not None:
        tell_of_doubt(request.model.key, progress.usage)
    return progress


async def fetch(ref: str, *, request: FilmRequest) -> AsyncGenerator[bytes, None]:
    """The bytes of a film that is done, as they come and not looked at.

    Raises FilmGone when the provider keeps it no more. Closing the iterator closes the connection;
    to begin again is no new order.
    """
    route = await route_of(request.model.key)
    try:
        async with aclosing(wires.film_adapter(route).fetch(ref, request=request)) as chunks:
            async for chunk in chunks:
                yield chunk
    except BlueError as error:
        tell_of_failure(request.model.key, error)
        raise


async def forget(model_key: str, ref: str) -> bool:
    """Have the provider delete what it holds of a job; False where that cannot be asked of it.

    A job that it does not know is forgotten already.
    """
    route = await route_of(model_key)
    try:
        return await wires.film_adapter(route).forget(ref)
    except BlueError as error:
        tell_of_failure(model_key, error)
        raise
