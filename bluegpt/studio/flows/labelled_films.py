"""Films taken along with a visible label: encoded anew, marked, known again, and handed out."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing, closing
from dataclasses import replace
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from bluegpt.core.threads import in_thread
from bluegpt.studio.adapters import credentials
from bluegpt.studio.adapters.film_labels import labelled_film
from bluegpt.studio.adapters.film_process import Reader, UnreadableFilm
from bluegpt.studio.adapters.scratch import Scratch
from bluegpt.studio.errors import NotInThatForm
from bluegpt.studio.flows import assets
from bluegpt.studio.rules.film_marks import marked_film
from bluegpt.studio.services import made_files
from bluegpt.studio.types.media import AssetView, Kind, Origin

# Each takes a core or two while it is encoded.
_AT_ONCE = asyncio.Semaphore(2)
_ENCODING_S_MAX = 600
_READ_BYTES = 1 << 20


async def labelled(
    *, person_id: UUID, asset_id: UUID
) -> tuple[AssetView, AsyncGenerator[bytes, None]]:
    """A film of its owner's with a label in the reader's language, and its bytes.

    It is whole before it is handed out, in a sealed file without a name. Raises UnknownAsset, and
    NotInThatForm for what is no film, was not made here, or cannot be encoded.
    """
    view, read = await assets.read(person_id=person_id, asset_id=asset_id, part="file")
    if view.kind is not Kind.FILM or view.origin is not Origin.MADE:
        raise NotInThatForm
    label = _("Made by AI")
    async with AsyncExitStack() as open_:
        made = open_.enter_context(closing(Scratch()))
        async with _AT_ONCE:
            await _encode(made, view, read, label)
        if credentials.is_configured():
            made = await _signed(made, open_.enter_context(closing(Scratch())), view, read)
        digest, size_bytes = sha256(), 0
        async for block in _blocks(made):
            digest.update(block)
            size_bytes += len(block)
        await in_thread(made_files.note, digests=[digest.hexdigest()], kind=Kind.FILM)
        return replace(view, size_bytes=size_bytes), _handed_out(made, open_.pop_all())


async def _encode(made: Scratch, view: AssetView, read: Reader, label: str) -> None:
    chunks = labelled_film(
        read, size_bytes=view.size_bytes, sides=(view.width_px, view.height_px), label=label
    )
    try:
        async with asyncio.timeout(_ENCODING_S_MAX), aclosing(chunks):
            await _fill(made, marked_film(chunks))
    except (UnreadableFilm, TimeoutError, ValueError) as wrong:
        raise NotInThatForm from wrong


async def _signed(made: Scratch, signed: Scratch, view: AssetView, read: Reader) -> Scratch:
    """With a manifest that names the film it was made from; as it is where none can be signed."""
    with closing(Scratch()) as original:
        await _fill(original, read(0, view.size_bytes))
        is_signed = await asyncio.to_thread(
            credentials.sign_copy, made, signed, view.media_type, original=original
        )
    return signed if is_signed else made


async def _fill(scratch: Scratch, chunks: AsyncIterator[bytes]) -> None:
    async for chunk in chunks:
        await asyncio.to_thread(scratch.write, chunk)


async def _blocks(scratch: Scratch) -> AsyncGenerator[bytes, None]:
    scratch.seek(0)
    while block := await asyncio.to_thread(scratch.read, _READ_BYTES):
        yield block


async def _handed_out(scratch: Scratch, open_: AsyncExitStack) -> AsyncGenerator[bytes, None]:
    async with open_:
        async for block in _blocks(scratch):
            yield block
