"""Content Credentials for films: signed on their way to the store, when there is a certificate."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from bluegpt.studio.adapters import credentials
from bluegpt.studio.adapters.scratch import Scratch

_READ_BYTES = 1 << 20


async def certified_film(chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The film with a manifest; as it comes without a certificate, or where none can be signed.

    A signature needs the film in any order. Until it is signed it lies sealed in a file without a
    name; it is never whole in memory. Raises what `chunks` raises.
    """
    async with aclosing(chunks):
        if not credentials.is_configured():
            async for chunk in chunks:
                yield chunk
            return
        with Scratch() as came, Scratch() as left:
            async for chunk in chunks:
                await asyncio.to_thread(came.write, chunk)
            is_signed = await asyncio.to_thread(credentials.sign, came, left, "video/mp4")
            film = left if is_signed else came
            film.seek(0)
            while block := await asyncio.to_thread(film.read, _READ_BYTES):
                yield block
