"""Pictures for people: drawn, sealed into the store, and kept with the wish that they fulfil."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from django.db import IntegrityError

from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.providers.types.pictures import PictureRequest
from bluegpt.studio.adapters.previews import thumbnail
from bluegpt.studio.flows import assets, drawing, given
from bluegpt.studio.flows.live import LiveAnswer
from bluegpt.studio.flows.live import follow as follow_live
from bluegpt.studio.queries import gallery, picture_plans
from bluegpt.studio.rules.file_keys import keys_of, picture_key
from bluegpt.studio.services import answers, creations
from bluegpt.studio.services.answers import Beginning, Ending, Progress, StoredFile
from bluegpt.studio.services.creations import NewCreation, StoredMedia
from bluegpt.studio.types.calls import Asked, CallState, CallView, Position
from bluegpt.studio.types.files import Upload
from bluegpt.studio.types.media import AssetView, Kind, MakingEvent, MediaQuote, PictureWish
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
    model = await drawing.usable_model(wish.model_key)
    works_from = await given.from_assets(
        person_id=wish.person_id, asset_ids=wish.input_ids, mask=wish.mask, model=model
    )
    order = await drawing.order_of(wish, given=works_from, partials=None)
    try:
        return await begin(order, wish, call_id=call_id)
    except IntegrityError:
        # The same form came twice at once, and the other one was quicker.
        earlier = await in_thread(answers.begun, person_id=wish.person_id, call_id=call_id)
        if earlier is None:
            raise
        return earlier


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where in a conversation pictures are asked for; the fields are those of a Beginning."""

    conversation_id: UUID | None
    parent_id: UUID | None
    question: str | None
    system: str | None = None
    files: Sequence[StoredFile] = ()


async def begin(
    order: drawing.Order, wish: PictureWish, *, call_id: UUID, spot: Spot | None = None
) -> Asked:
    """Hold, write and start what was checked and priced. Raises what `creations.begin` raises."""
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
        has_messages=spot is not None,
        product=drawing.PRODUCT,
    )
    if spot is not None:
        beginning = replace(
            beginning,
            conversation_id=spot.conversation_id,
            parent_id=spot.parent_id,
            question=spot.question,
            system=spot.system,
            files=spot.files,
        )
    write = partial(creations.begin, beginning=beginning, creation=creation)
    asked = await drawing.begun(write, person_id=wish.person_id)
    live = LiveAnswer(call_id=call_id, person_id=wish.person_id, usage=order.likely)
    drawing.start(order, live, _InGallery(wish, creation.creation_id))
    return asked


async def quote(wish: PictureWish) -> MediaQuote:
    """The most that a wish can cost, its words complete or not; nothing leaves and nothing is held.

    Raises what `draw` raises for a model, a setting or an input, and NoPrice.
    """
    model = await drawing.usable_model(wish.model_key)
    outline = await given.outlined(person_id=wish.person_id, asset_ids=wish.input_ids, model=model)
    request = await drawing.request_of(wish, given=outline, partials=None)
    worst = await in_thread(picture_plans.worst_case, request)
    amount = worst.amount_microcredits
    return MediaQuote(each_microcredits=-(-amount // wish.number), amount_microcredits=amount)


async def give(*, person_id: UUID, upload: Upload) -> AssetView:
    """Keep a picture of the person's own, to work from. Raises what `given.take` raises."""
    return await given.take(person_id=person_id, upload=upload)


async def follow(*, person_id: UUID, call_id: UUID) -> AsyncGenerator[MakingEvent]:
    """Unfinished pictures as they come, the newest of each place first; then what was made.

    They are in the memory of the process that makes them, and nowhere else: elsewhere only the end
    is heard of. Raises UnknownAnswer, UnknownCreation.
    """
    events = follow_live(person_id=person_id, call_id=call_id, after=Position())
    async with aclosing(events):
        async for event in events:
            if event.partials:
                yield MakingEvent(partials=event.partials)
    made = await in_thread(gallery.creation_of_call, person_id=person_id, call_id=call_id)
    yield MakingEvent(creation=made)


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
        self._digests: tuple[str, ...] = ()

    def shown(self, partial: bytes, request: PictureRequest) -> bytes:
        """Small, and made anew, whatever its bytes are."""
        return thumbnail(partial)

    async def keep(self, pictures: Pictures) -> None:
        self._digests = pictures.digests
        self._made = tuple(
            [await self._put(place, data, pictures) for place, data in enumerate(pictures.files)]
        )

    def end(self, *, call_id: UUID, ending: Ending, progress: Progress | None) -> CallView:
        return creations.end(
            call_id=call_id,
            ending=ending,
            progress=progress,
            made=self._made,
            digests=self._digests,
        )

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
            media_type=f"image/{pictures.formats[place].value}",
            size_bytes=len(data),
            width_px=int(width),
            height_px=int(height),
            file_key=picture_key(self._creation_id, place=place, part="file"),
            thumbnail_key=picture_key(self._creation_id, place=place, part="thumbnail"),
        )
        await assets.put(self._person_id, asset_id, "file", data, key=made.file_key)
        await assets.put(self._person_id, asset_id, "thumbnail", small, key=made.thumbnail_key)
        return made
