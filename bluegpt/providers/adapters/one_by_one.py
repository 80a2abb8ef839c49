"""Several pictures from a wire that makes one at a time: so many requests, side by side."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace

from bluegpt.providers.errors import NoPicture, PromptRefused
from bluegpt.providers.rules.drawing import summed
from bluegpt.providers.types.pictures import Drawn, PartialPicture, PictureRequest
from bluegpt.providers.types.usage import Usage

Steps = AsyncGenerator[PartialPicture | Drawn, None]
_Came = tuple[int, PartialPicture | Drawn | BaseException | None]


async def one_by_one(request: PictureRequest, draw: Callable[[PictureRequest], Steps]) -> Steps:
    """Ask for each picture by itself, pass on what comes on the way, and at the end all of them.

    What they used is added up. A picture that a safety system keeps back, or that the model does
    not make, leaves the others as they are; if none is left, its error is raised with all that is
    billed. Any other error ends the others too, and is raised.
    """
    if request.number == 1:
        async with aclosing(draw(request)) as steps:
            async for step in steps:
                yield step
        return
    single = _share(request)
    inbox: asyncio.Queue[_Came] = asyncio.Queue(maxsize=request.number)
    tasks = [
        asyncio.create_task(_into(inbox, place, draw(single))) for place in range(request.number)
    ]
    try:
        ended: dict[int, Drawn | PromptRefused | NoPicture] = {}
        while len(ended) < request.number:
            place, came = await inbox.get()
            match came:
                case PartialPicture():
                    yield replace(came, place=place)
                case Drawn() | PromptRefused() | NoPicture():
                    ended[place] = came
                case BaseException():
                    raise came
        yield _together([ended[place] for place in range(request.number)])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _share(request: PictureRequest) -> PictureRequest:
    """The request for one of the pictures, with its part of the bounds."""
    return replace(
        request,
        number=1,
        input_tokens=-(-request.input_tokens // request.number),
        output_tokens=-(-request.output_tokens // request.number),
    )


async def _into(inbox: asyncio.Queue[_Came], place: int, steps: Steps) -> None:
    """Everything that comes of one request, its error included."""
    try:
        async with aclosing(steps):
            async for step in steps:
                await inbox.put((place, step))
    except Exception as error:  # noqa: BLE001  raised again by who asked
        await inbox.put((place, error))


def _together(ended: list[Drawn | PromptRefused | NoPicture]) -> Drawn:
    used: list[Usage] = [one.usage for one in ended if one.usage is not None]
    drawn = [one for one in ended if isinstance(one, Drawn)]
    kept_back = [one for one in ended if not isinstance(one, Drawn)]
    if not drawn:
        error = kept_back[0]
        error.usage = summed(used) if used else None
        raise error
    return replace(
        drawn[0],
        files=tuple(file for one in drawn for file in one.files),
        usage=summed(used),
        refused=len(kept_back),
    )
