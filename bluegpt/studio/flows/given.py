"""Pictures that a wish works from: the person's own assets, or files sent along by a program."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings

from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import ImagePart
from bluegpt.studio.adapters.masks import UnreadableMask, read_mask, sides_of
from bluegpt.studio.adapters.pictures import SIDE_PX_MAX, UnreadablePicture, read_picture
from bluegpt.studio.adapters.previews import thumbnail
from bluegpt.studio.errors import (
    AttachmentTooLarge,
    SettingNotOffered,
    UnknownAsset,
    UnreadableAttachment,
    UnusableMask,
)
from bluegpt.studio.flows import assets
from bluegpt.studio.flows.drawing import Given
from bluegpt.studio.queries.assets import stored
from bluegpt.studio.services import creations
from bluegpt.studio.services.creations import StoredMedia
from bluegpt.studio.types.files import Upload
from bluegpt.studio.types.media import AssetView, Kind
from bluegpt.vault.services import files as vault_files

_NAME_CHARS_MAX = 200


async def take(*, person_id: UUID, upload: Upload) -> AssetView:
    """Keep a picture that somebody gives to work from: made anew within bounds, and sealed.

    Raises AttachmentTooLarge, UnreadableAttachment, UseRestricted; then nothing is left.
    """
    picture = await read(upload)
    small = await asyncio.to_thread(thumbnail, picture.data)
    given = StoredMedia(
        asset_id=new_id(),
        kind=Kind.PICTURE,
        place=0,
        media_type=picture.media_type,
        size_bytes=len(picture.data),
        width_px=picture.width_px,
        height_px=picture.height_px,
        file_key=vault_files.new_key(),
        thumbnail_key=vault_files.new_key(),
    )
    try:
        await assets.put(person_id, given.asset_id, "file", picture.data, key=given.file_key)
        await assets.put(person_id, given.asset_id, "thumbnail", small, key=given.thumbnail_key)
        name = upload.name[:_NAME_CHARS_MAX]
        await in_thread(creations.take, person_id=person_id, given=given, name=name)
    except BaseException:
        for key in given.keys:
            await vault_files.delete(key)
        raise
    found = await in_thread(stored, person_id=person_id, asset_id=given.asset_id)
    return found.view


async def read(upload: Upload) -> ImagePart:
    """A file from outside as a picture. Raises AttachmentTooLarge, UnreadableAttachment."""
    size_bytes_max = settings.BLUEGPT.chat.attachment_bytes_max
    if len(upload.data) > size_bytes_max:
        raise AttachmentTooLarge(name=upload.name, size_bytes_max=size_bytes_max)
    try:
        return await asyncio.to_thread(read_picture, upload.data)
    except UnreadablePicture as wrong:
        raise UnreadableAttachment(name=upload.name) from wrong


async def from_assets(
    *, person_id: UUID, asset_ids: Sequence[UUID], mask: bytes, model: Model
) -> Given:
    """A person's own pictures, opened, bounded and made anew as a wire takes them.

    Raises UnknownAsset, SettingNotOffered, UnusableMask.
    """
    check_count(model, len(asset_ids))
    references: list[ImagePart] = []
    size = (0, 0)
    for asset_id in asset_ids:  # one after the other: each may take 200 MB while it is decoded
        view, data = await assets.whole(person_id=person_id, asset_id=asset_id)
        size = size if references else (view.width_px, view.height_px)
        references.append(await _remade(view, data))
    return Given(
        references=tuple(references),
        mask=await fitting_mask(mask, references, size=size) if mask else b"",
    )


async def outlined(*, person_id: UUID, asset_ids: Sequence[UUID], model: Model) -> Given:
    """The same without a byte of them: sizes are all that a price needs."""
    check_count(model, len(asset_ids))
    references = []
    for asset_id in asset_ids:
        view = (await in_thread(stored, person_id=person_id, asset_id=asset_id)).view
        _check_kind(view)
        references.append(_outline(view))
    return Given(references=tuple(references))


def _outline(view: AssetView) -> ImagePart:
    """The size at which a picture is sent."""
    longer = max(view.width_px, view.height_px, 1)
    fitted = min(SIDE_PX_MAX, longer)
    return ImagePart(
        media_type=view.media_type,
        data=b"",
        width_px=-(-view.width_px * fitted // longer),
        height_px=-(-view.height_px * fitted // longer),
    )


async def from_uploads(*, uploads: Sequence[Upload], mask: bytes, model: Model) -> Given:
    """Files that a program sends along, which are not kept. Raises what `read` raises, and more.

    SettingNotOffered, UnusableMask.
    """
    check_count(model, len(uploads))
    references = [await read(upload) for upload in uploads]
    if not mask:
        return Given(references=tuple(references))
    if not references:
        raise UnusableMask
    size = await asyncio.to_thread(sides_of, uploads[0].data)
    return Given(references=tuple(references), mask=await fitting_mask(mask, references, size=size))


def check_count(model: Model, count: int) -> None:
    """Raise SettingNotOffered before a file is opened that this model does not look at."""
    most = model.drawing.references_max
    if count > most:
        setting = "references" if most else "no_references"
        raise SettingNotOffered(model_name=model.display_name, setting=setting, most=most)


async def fitting_mask(
    mask: bytes, references: Sequence[ImagePart], *, size: tuple[int, int]
) -> bytes:
    """The mask for the first picture as it will be sent; both were `size` pixels before.

    Raises UnusableMask.
    """
    if not references or len(mask) > settings.BLUEGPT.chat.attachment_bytes_max:
        raise UnusableMask
    fitted = (references[0].width_px, references[0].height_px)
    try:
        return await asyncio.to_thread(read_mask, mask, size=size, fitted=fitted)
    except UnreadableMask as wrong:
        raise UnusableMask from wrong


async def _remade(view: AssetView, data: bytes) -> ImagePart:
    _check_kind(view)
    try:
        return await asyncio.to_thread(read_picture, data)
    except UnreadablePicture as wrong:  # larger than what is read here
        raise UnreadableAttachment(name=view.name) from wrong


def _check_kind(view: AssetView) -> None:
    if view.kind is not Kind.PICTURE:
        raise UnknownAsset
