"""Pictures taken along: as they are, or in another form that is marked and known again."""

import asyncio
from dataclasses import replace
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from bluegpt.core.threads import in_thread
from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.studio.adapters.conversions import converted
from bluegpt.studio.adapters.credentials import signed_copy
from bluegpt.studio.adapters.decoding import NotAPicture
from bluegpt.studio.errors import NotInThatForm
from bluegpt.studio.flows import assets
from bluegpt.studio.services import made_files
from bluegpt.studio.types.media import AssetView, Kind, Origin

_FORMATS = {f"image/{each.value}": each for each in PictureFormat}


async def picture(
    *, person_id: UUID, asset_id: UUID, format: PictureFormat | None, is_labelled: bool
) -> tuple[AssetView, bytes]:
    """A picture of its owner's in a format, its own one for None; with a visible label or not.

    The label is in the reader's language; what the person gave themselves never gets one. Raises
    UnknownAsset, and NotInThatForm for a film.
    """
    view, original = await _whole(person_id, asset_id)
    is_made = view.origin is Origin.MADE
    label = _("Made by AI") if is_labelled and is_made else ""
    own = _FORMATS[view.media_type]
    format = format or own
    if format is own and not label:
        return view, original
    media_type = f"image/{format.value}"

    def made_anew() -> tuple[bytes, str]:
        data = converted(original, format, label=label, is_made=is_made)
        if is_made:
            data = signed_copy(data, media_type, original=original, original_type=view.media_type)
        return data, sha256(data).hexdigest()

    try:
        data, digest = await asyncio.to_thread(made_anew)
    except NotAPicture as wrong:
        raise NotInThatForm from wrong
    if is_made:
        await in_thread(made_files.note, digests=[digest], kind=Kind.PICTURE)
    return replace(view, media_type=media_type, size_bytes=len(data)), data


async def _whole(person_id: UUID, asset_id: UUID) -> tuple[AssetView, bytes]:
    view, read = await assets.read(person_id=person_id, asset_id=asset_id, part="file")
    if view.media_type not in _FORMATS:
        raise NotInThatForm
    return view, b"".join([chunk async for chunk in read(0, view.size_bytes)])
