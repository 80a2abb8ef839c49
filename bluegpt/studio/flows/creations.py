"""Pictures for people: drawn, sealed into the store, and kept with the wish that they fulfil."""

import asyncio
from functools import partial
from uuid import UUID

from django.db import IntegrityError

from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.studio.adapters.previews import thumbnail
from bluegpt.studio.flows import assets, drawing
from bluegpt.studio.flows.live import LiveAnswer
from bluegpt.studio.rules.file_keys import keys_of, picture_key
from bluegpt.studio.services import answers, creations
from bluegpt.studio.services.answers import Beginning, Ending, Progress
from bluegpt.studio.services.creations import NewCreation, StoredMedia
from bluegpt.studio.types.calls import Asked, CallState, CallView
from bluegpt.studio.types.media import Kind, PictureWish
from bluegpt.studio.types.prompts import Pictures
from bluegpt.vault.services import files as vault_files


async def draw(wish: PictureWish) -> Asked:
    """Have pictures made and kept; it goes on by itself.

    Raises Refused, Missing, Conflict or Unavailable with a sentence; then nothing was written and
    nothing is held. The same `request_key` asks only once.
    """
    call_id = wish.request_key or new_id()
    earlier = await in_thread(answers.begun, person_id=wish.person_id, call_id=call_id)
    if earlier is not None:
        return earlier
    order = await drawing.order_of(wish)
    creation = NewCreation(
        kind=Kind.PICTURE,
        prompt=wish.text,
        settings=_settings(wish),
        input_ids=wish.input_ids,
    )
    beginning = Beginning(
        call_id=call_id,
        person_id=wish.person_id,
        model=order.request.model,
        first_step=order.quote,
        ceiling_microcredits=order.quote.amount_microcredits,
        usage=order.likely,
        has_messages=False,
        product=drawing.PRODUCT,
    )
    begin = partial(creations.begin, beginning=beginning, creation=creation)
    try:
        asked = await drawing.begun(begin, person_id=wish.person_id)
    except IntegrityError:
        # The same form came twice at once, and the other one was quicker.
        earlier = await in_thread(answers.begun, person_id=wish.person_id, call_id=call_id)
        if earlier is None:
            raise
        return earlier
    live = LiveAnswer(call_id=call_id, person_id=wish.person_id, usage=order.likely)
    drawing.start(order, live, _InGallery(wish, creation.creation_id))
    return asked


def _settings(wish: PictureWish) -> dict[str, str | int | bool]:
    settings: dict[str, str | int | bool] = {
        "number": wish.number,
        "size": wish.size,
        "quality": wish.quality,
        "background": wish.background,
        "format": wish.format.value,
    }
    if wish.style:
        settings["style"] = wish.style
    if wish.seed is not None:
        settings["seed"] = wish.seed
    if wish.mask:
        settings["has_mask"] = True
    return settings


class _InGallery:
    """Sealed in the store under keys that recovery can work out; rows come with the charge."""

    def __init__(self, wish: PictureWish, creation_id: UUID) -> None:
        self._person_id = wish.person_id
        self._number = wish.number
        self._creation_id = creation_id
        self._made: tuple[StoredMedia, ...] = ()

    async def keep(self, pictures: Pictures) -> None:
        self._made = tuple(
            [await self._put(place, data, pictures) for place, data in enumerate(pictures.files)]
        )

    def end(self, *, call_id: UUID, ending: Ending, progress: Progress | None) -> CallView:
        return creations.end(call_id=call_id, ending=ending, progress=progress, made=self._made)

    async def clear_up(self, call: CallView | None) -> None:
        """Files without a row go. While nobody knows how it ended, that is left to recovery."""
        if call is None or call.state is CallState.COMPLETE:
            return
        for key in keys_of(self._creation_id, number=self._number):
            await vault_files.delete(key)

    async def _put(self, place: int, data: bytes, pictures: Pictures) -> StoredMedia:
        asset_id = new_id()
        width, _x, height = pictures.sizes[place].partition("x")
        small = await asyncio.to_thread(thumbnail, data)
        made = StoredMedia(
            asset_id=asset_id,
            kind=Kind.PICTURE,
            place=place,
            media_type=f"image/{pictures.format.value}",
            size_bytes=len(data),
            width_px=int(width),
            height_px=int(height),
            file_key=picture_key(self._creation_id, place=place, part="file"),
            thumbnail_key=picture_key(self._creation_id, place=place, part="thumbnail"),
        )
        await assets.put(self._person_id, asset_id, "file", data, key=made.file_key)
        await assets.put(self._person_id, asset_id, "thumbnail", small, key=made.thumbnail_key)
        return made
