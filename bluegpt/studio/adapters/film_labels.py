"""A visible label on every frame of a film, which is encoded anew for it; its sound stays."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from io import BytesIO

from bluegpt.studio.adapters import film_process
from bluegpt.studio.adapters.film_process import Reader
from bluegpt.studio.adapters.labels import sign_for


async def labelled_film(
    read: Reader, *, size_bytes: int, sides: tuple[int, int], label: str
) -> AsyncGenerator[bytes, None]:
    """The film in parts as they are made, an MP4 in fragments. `sides` are width and height.

    Whoever takes them says how long it may take. Raises UnreadableFilm, and what `read` raises.
    """
    sign, place = sign_for(sides, label)
    drawn = BytesIO()
    sign.save(drawn, "PNG")
    words = film_process.said(
        read, size_bytes=size_bytes, act="label", given=drawn.getvalue(), numbers=place
    )
    async with aclosing(words):
        async for _kind, part in words:
            yield part
