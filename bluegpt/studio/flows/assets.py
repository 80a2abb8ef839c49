"""Pictures and films: their bytes read, whole or in part."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Literal
from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.studio.errors import UnknownAsset
from bluegpt.studio.queries import assets
from bluegpt.studio.queries.opened import context
from bluegpt.studio.types.media import AssetView
from bluegpt.vault.services import streams
from bluegpt.vault.services.streams import Place

Reader = Callable[[int, int], AsyncIterator[bytes]]
Part = Literal["file", "thumbnail", "poster"]

# Previews are written in one form each, whatever the file is.
_MEDIA_TYPES = {"thumbnail": "image/webp", "poster": "image/jpeg"}


async def read(*, person_id: UUID, asset_id: UUID, part: Part) -> tuple[AssetView, Reader]:
    """A part of an asset of its owner's, and what reads its bytes from one place to before another.

    The view's media type and size are the part's. Raises UnknownAsset, also for a part that there
    is none of; the reader raises UnknownFile, CannotOpen.
    """
    found = await in_thread(assets.stored, person_id=person_id, asset_id=asset_id)
    key = {
        "file": found.file_key,
        "thumbnail": found.thumbnail_key,
        "poster": found.poster_key,
    }[part]
    if not key:
        raise UnknownAsset
    view = found.view
    if part != "file":
        size_bytes = await streams.size_of(key)
        view = replace(view, media_type=_MEDIA_TYPES[part], size_bytes=size_bytes)
    place = place_of(person_id, asset_id, part)
    return view, lambda start, stop: streams.read(key, place=place, start=start, stop=stop)


async def whole(*, person_id: UUID, asset_id: UUID) -> tuple[AssetView, bytes]:
    """An asset of its owner's and all its bytes: for pictures, which fit. Raises UnknownAsset."""
    view, reader = await read(person_id=person_id, asset_id=asset_id, part="file")
    return view, b"".join([chunk async for chunk in reader(0, view.size_bytes)])


async def put(person_id: UUID, asset_id: UUID, part: Part, data: bytes, *, key: str) -> None:
    """Seal and store a part of an asset whose row is still to come, under a key noted down."""
    await streams.put(_at_once(data), place=place_of(person_id, asset_id, part), key=key)


def place_of(person_id: UUID, asset_id: UUID, part: Part) -> Place:
    """What is bound to the bytes of a part."""
    return Place(
        person_id=person_id,
        data_class=DataClass.CONTENT,
        context=context(f"asset.{part}", asset_id),
    )


async def _at_once(data: bytes) -> AsyncIterator[bytes]:
    yield data
